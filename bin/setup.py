"""Make a fresh clone ready to run, with nothing but a Python; say in one line what is missing otherwise.

Each step leaves a stamp of what it was made from and is skipped while that is unchanged. Needs no package.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements-dev.lock"
INTERFACE = ROOT / "seqlense" / "project" / "ui"
FRONTEND = INTERFACE / "frontend"
BUILT = INTERFACE / "static" / "built"
VERSIONS = ("3.13",)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
TOKEN_LIBRARIES = (
    "usr/lib/softhsm/libsofthsm2.so",
    "usr/lib*/*/softhsm/libsofthsm2.so",
    "usr/lib64/libsofthsm2.so",
)
MAC_BROWSERS = ("Google Chrome", "Chromium")


class Missing(Exception):
    """What has to be there and isn't."""


def main(arguments: list[str]) -> int:
    _forget_missing_folders("UV_FIND_LINKS", "PIP_FIND_LINKS")
    try:
        if arguments == ["--browser"]:
            sys.stdout.write(f"{browser()}\n")
            return 0
        if arguments == ["--token"]:
            sys.stdout.write(f"{token_library()}\n")
            return 0
        if arguments:
            raise Missing("bin/setup takes no argument but --browser or --token")
        install()
        build_frontend()
        _run([PYTHON, "-m", "seqlense.project.translations", "compile"], "compiling the translations")
    except Missing as missing:
        sys.stderr.write(f"bin/setup: {missing}\n")
        return 1
    return 0


def install() -> None:
    """The locked packages in .venv, each checked against its hash."""
    stamp = VENV / "seqlense.stamp"
    wanted = _digest([LOCK, ROOT / "bin" / "setup.py"])
    if _works(PYTHON) and _read(stamp) == wanted:
        return
    uv = _uv()
    if not _works(PYTHON):
        _say("Creating .venv")
        _run([uv, "venv", "--clear", "--quiet", "--python", _python(uv), VENV], "creating .venv")
    _say("Installing packages")
    sync = [uv, "pip", "sync", "--quiet", "--python", PYTHON, "--require-hashes", LOCK]
    _run(sync, "installing packages; is a package registry reachable?")
    packages = next(VENV.glob("lib/python3*/site-packages"))
    (packages / "seqlense-checkout.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    stamp.write_text(wanted, encoding="utf-8")


def build_frontend() -> None:
    """Style sheet and scripts, by the npm that comes as a Python package."""
    if not (FRONTEND / "package.json").is_file():
        return
    stamp = BUILT / ".stamp"
    wanted = _digest(_frontend_sources())
    if _read(stamp) == wanted:
        return
    npm = VENV / "bin" / "npm"
    environment = {**os.environ, "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    locked = FRONTEND / "node_modules" / ".seqlense-stamp"
    wanted_packages = _digest([FRONTEND / "package.json", FRONTEND / "package-lock.json"])
    if _read(locked) != wanted_packages:
        _say("Installing front-end packages")
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        _run([npm, "ci", *quiet], "installing front-end packages", cwd=FRONTEND, env=environment)
        locked.write_text(wanted_packages, encoding="utf-8")
    _say("Building the front end")
    _run([npm, "run", "--silent", "build"], "building the front end", cwd=FRONTEND, env=environment)
    BUILT.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted, encoding="utf-8")


def browser() -> str:
    """The path of a Chromium or Chrome, installed if there is none."""
    if found := _find_browser():
        return found
    if os.environ.get("SEQLENSE_INSTALL_BROWSER", "yes") != "no":
        if os.geteuid() == 0 and shutil.which("apt-get"):
            _apt_get("chromium")
        else:
            _say("Installing a browser")
            command = [str(PYTHON), "-m", "playwright", "install", "chromium"]
            subprocess.run(command, stdout=sys.stderr, check=False)
        if found := _find_browser():
            return found
    raise Missing("no Chromium or Chrome found and none could be installed; set SEQLENSE_BROWSER to its path")


def token_library() -> str:
    """The path of SoftHSM2's library, a device in software for tests, installed if root may."""
    if found := _find_token_library():
        return found
    if os.environ.get("SEQLENSE_INSTALL_TOKEN", "yes") != "no" and os.geteuid() == 0:
        _apt_get("softhsm2")
        if found := _find_token_library():
            return found
    raise Missing("no SoftHSM2 found and none could be installed; install the package softhsm2")


def _find_token_library() -> str | None:
    if not shutil.which("softhsm2-util"):
        return None
    return next((str(path) for place in TOKEN_LIBRARIES for path in sorted(Path("/").glob(place))), None)


def _apt_get(package: str) -> None:
    if not shutil.which("apt-get"):
        return
    _say(f"Installing {package}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], stdout=sys.stderr, env=environment, check=False)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]
    subprocess.run(command, stdout=sys.stderr, env=environment, check=False)


def _find_browser() -> str | None:
    if told := os.environ.get("SEQLENSE_BROWSER"):
        return told if _answers([told, "--version"]) else None
    candidates = [found for name in BROWSERS if (found := shutil.which(name))]
    candidates += [f"/Applications/{name}.app/Contents/MacOS/{name}" for name in MAC_BROWSERS]
    caches = [Path.home() / ".cache" / "ms-playwright", Path.home() / "Library" / "Caches" / "ms-playwright"]
    for cache in caches:
        candidates += [str(path) for path in sorted(cache.glob("chromium-*/chrome-*/chrome"), reverse=True)]
        candidates += [str(path) for path in sorted(cache.glob("chromium-*/chrome-*/*.app/Contents/MacOS/*"))]
    return next((path for path in candidates if _answers([path, "--version"])), None)


def _uv() -> str:
    own = TOOLS / "uv" / "bin" / "uv"
    for candidate in (str(own), shutil.which("uv")):
        if candidate and _answers([candidate, "--version"]):
            return candidate
    _say("Installing uv")
    lock = ROOT / "bin" / "requirements-uv.lock"
    shutil.rmtree(TOOLS / "uv", ignore_errors=True)
    if subprocess.run(
        [sys.executable, "-m", "venv", TOOLS / "uv"], capture_output=True, check=False
    ).returncode:
        raise Missing(
            f"{sys.executable} can't create virtual environments; install its venv module or install uv"
        )
    pip = [TOOLS / "uv" / "bin" / "python", "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock]
    _run(pip, "installing uv; is a package registry reachable?")
    return str(own)


def _python(uv: str) -> str:
    """A Python that really runs: a name on the path may be a wrapper around nothing."""
    if told := os.environ.get("SEQLENSE_PYTHON"):
        if not _works(Path(told)):
            raise Missing(f"SEQLENSE_PYTHON={told} is no working Python {' or '.join(VERSIONS)}")
        return told
    for version in VERSIONS:
        for candidate in (*_candidates(version), *_known_to(uv, version)):
            if _works(candidate, version):
                return str(candidate)
    environment = {**os.environ, "UV_PYTHON_INSTALL_DIR": str(TOOLS / "python")}
    _say("Downloading Python")
    subprocess.run([uv, "python", "install", "--quiet", VERSIONS[0]], env=environment, check=False)
    for candidate in sorted((TOOLS / "python").glob(f"cpython-{VERSIONS[0]}*/bin/python{VERSIONS[0]}")):
        if _works(candidate, VERSIONS[0]):
            return str(candidate)
    raise Missing(f"no working Python {' or '.join(VERSIONS)} found, and it can't be downloaded; install one")


def _candidates(version: str) -> Iterator[Path]:
    if found := shutil.which(f"python{version}"):
        yield Path(found)
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(pyenv.glob(f"versions/{version}*/bin/python{version}"), reverse=True)
    yield Path(sys.executable)


def _known_to(uv: str, version: str) -> Iterator[Path]:
    command = [uv, "python", "find", "--no-python-downloads", "--system", version]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    if found.returncode == 0:
        yield Path(found.stdout.strip())


def _works(python: Path, version: str | None = None) -> bool:
    versions = (version,) if version else VERSIONS
    code = "import ssl, sqlite3, sys, venv; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and done.stdout.strip() in versions


def _answers(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _frontend_sources() -> Iterator[Path]:
    """The front end's own files, and the templates whose classes the style sheet is made of."""
    for folder, names, files in os.walk(ROOT / "seqlense"):
        names[:] = sorted(set(names) - {"node_modules", "__pycache__", "built", "locale", "migrations"})
        inside = Path(folder).is_relative_to(FRONTEND)
        for name in sorted(files):
            if inside or name.endswith((".html", ".svg")) or "templatetags" in folder:
                yield Path(folder, name)


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _run(
    command: list[str | Path], doing: str, *, cwd: Path = ROOT, env: dict[str, str] | None = None
) -> None:
    try:
        done = subprocess.run(list(map(str, command)), cwd=cwd, env=env, stdout=sys.stderr, check=False)
    except OSError:
        raise Missing(f"failed: {doing} ({command[0]} doesn't run)") from None
    if done.returncode:
        raise Missing(f"failed: {doing}")


def _forget_missing_folders(*variables: str) -> None:
    """A list of local package folders that aren't there makes every installation fail: ignore it."""
    for variable in variables:
        places = os.environ.get(variable, "").replace(",", " ").split()
        if any("://" not in place and not Path(place).exists() for place in places):
            del os.environ[variable]


def _say(text: str) -> None:
    sys.stderr.write(f"{text} …\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
