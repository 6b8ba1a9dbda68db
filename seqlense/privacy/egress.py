"""Outside hosts: only those that a recipient of a running activity declares, enforced where sockets open.

`install()` adds an audit hook to the process (it can't be removed): connecting to, or looking up, any other
host raises EgressRefused before a packet leaves. The same list is written as nftables and proxy rules, for
the network outside the process.
"""

import functools
import ipaddress
import socket
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings

from seqlense.privacy import running
from seqlense.register import Register

LOOPBACK_NAMES = frozenset({"localhost", "localhost.localdomain", "ip6-localhost"})


class EgressRefused(PermissionError):
    """A host that no recipient of a running activity declares. Names the host and nothing else."""

    code = "egress-refused"

    def __init__(self, host: str) -> None:
        super().__init__(
            f"{host!r} is no host of a recipient of a running activity: declare it in recipients.yaml "
            "(hosts), or in SEQLENSE_OWN_HOSTS if it is the company's own."
        )
        self.host = host


@dataclass(frozen=True)
class Allowed:
    """Where this process may connect.

    declared: host name, or "*.example.org", of recipients → the recipient.
    own: the company's own hosts and networks (names, addresses, CIDR).
    loopback: whether this machine itself may be reached.
    """

    declared: Mapping[str, str] = field(default_factory=dict)
    own: tuple[str, ...] = ()
    loopback: bool = True

    @functools.cached_property
    def names(self) -> frozenset[str]:
        """All plain and starred host names."""
        return frozenset({*(name.lower() for name in self.declared), *(name.lower() for name in self.own)})

    @functools.cached_property
    def networks(self) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
        """The company's own addresses and networks."""
        return tuple(found for name in self.own if (found := _network(name)) is not None)

    def permits(self, host: str) -> bool:
        """Whether a host name or address may be reached."""
        name = host.lower().rstrip(".").split("%")[0]
        address = _address(name)
        if address is not None:
            return (self.loopback and address.is_loopback) or any(
                address in network for network in self.networks
            )
        if name in LOOPBACK_NAMES:
            return self.loopback
        parents = (f"*.{name.split('.', depth)[depth]}" for depth in range(1, name.count(".") + 1))
        return name in self.names or any(parent in self.names for parent in parents)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def allowed(register: Register | None = None) -> Allowed:
    """What the running register (or the given one), SEQLENSE_OWN_HOSTS and SEQLENSE_EGRESS_LOOPBACK allow."""
    return Allowed(
        declared=(register or running.register()).hosts,
        own=tuple(getattr(settings, "SEQLENSE_OWN_HOSTS", ())),
        loopback=bool(getattr(settings, "SEQLENSE_EGRESS_LOOPBACK", True)),
    )


def configured() -> Iterator[tuple[str, str]]:
    """Hosts that the settings name, as pairs of setting and host: databases, mail, and SEQLENSE_HOSTS."""
    for alias, options in settings.DATABASES.items():
        host = str(options.get("HOST") or "")
        if host and not host.startswith(("/", "@")):
            yield f"DATABASES[{alias!r}]", host
    for name in ("SEQLENSE_SMTP_URL", "SEQLENSE_KEYS_URL"):
        host = urlsplit(str(getattr(settings, name, "") or "")).hostname or ""
        if host:
            yield name, host
    for host in getattr(settings, "SEQLENSE_HOSTS", ()):
        yield "SEQLENSE_HOSTS", host


class _Guard:
    """The audit hook: names are judged when they are looked up, addresses when they are connected to.

    An address found by looking up an allowed name may be connected to, any other only if allowed itself.
    Looking up is done again here, since the hook isn't told the answer.
    """

    WATCHED = frozenset(
        {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"}
    )

    def __init__(self, allows: Allowed) -> None:
        self.allows = allows
        self.found: set[str] = set()
        self.looking_up = threading.local()

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if event not in self.WATCHED or getattr(self.looking_up, "now", False):
            return
        if event in ("socket.getaddrinfo", "socket.gethostbyname"):
            self._name(arguments[0])
        elif len(arguments) > 1:
            self._address(arguments[1])

    def _name(self, host: object) -> None:
        name = host.decode("idna") if isinstance(host, bytes) else host
        if not isinstance(name, str) or not name:
            return
        if not self.allows.permits(name):
            raise EgressRefused(name)
        if _address(name) is None:
            self._remember(name)

    def _remember(self, name: str) -> None:
        self.looking_up.now = True
        try:
            self.found.update(str(one[4][0]).split("%")[0] for one in socket.getaddrinfo(name, None))
        except OSError:
            return  # the caller's own look-up fails in the same way, and says so
        finally:
            self.looking_up.now = False

    def _address(self, target: object) -> None:
        if not isinstance(target, tuple) or not target:
            return  # a socket file on this machine
        host = str(target[0]).split("%")[0]
        if host in self.found or self.allows.permits(host):
            return
        if _address(host) is None:
            self._name(host)
            return
        raise EgressRefused(host)


_installed: list[_Guard] = []


def install(allows: Allowed | None = None) -> None:
    """Guard this process from now on; a second call only replaces what is allowed."""
    permitted = allows or allowed()
    if _installed:
        _installed[0].allows = permitted
        return
    guard = _Guard(permitted)
    _installed.append(guard)
    sys.addaudithook(guard)


def installed() -> bool:
    """Whether this process is guarded."""
    return bool(_installed)


def proxy_rules(allows: Allowed) -> str:
    """An allow-list for a forward proxy (Squid's syntax), closing with a refusal of the rest."""
    names = [f".{name[2:]}" if name.startswith("*.") else name for name in sorted(allows.declared)]
    lines = [f"acl seqlense_recipients dstdomain {name}" for name in names]
    lines += [
        f"acl seqlense_own {'dst' if _network(name) else 'dstdomain'} {name}" for name in sorted(allows.own)
    ]
    lines += [f"http_access allow {acl}" for acl in dict.fromkeys(line.split()[1] for line in lines)]
    return "\n".join([*lines, "http_access deny all", ""])


def addresses_of(allows: Allowed) -> dict[str, set[str]]:
    """Each allowed name → its addresses now, if it has any. Patterns have none of their own."""
    names = [name for name in allows.names if not name.startswith("*.") and _network(name) is None]
    return {name: set(_resolved(name)) for name in names}


def nftables_rules(
    allows: Allowed, user: str = "seqlense", *, found: Mapping[str, set[str]] | None = None
) -> str:
    """nftables rules for the service's user: own networks and the recipients' present addresses only.

    found: from `addresses_of`, or names are looked up now; run it again by a timer, addresses change.
    """
    named = addresses_of(allows) if found is None else found
    addresses = {address for one in named.values() for address in one}
    four = sorted(one for one in addresses if ":" not in one) + [
        str(n) for n in allows.networks if n.version == 4
    ]
    six = sorted(one for one in addresses if ":" in one) + [str(n) for n in allows.networks if n.version == 6]
    patterns = sorted(name for name in allows.names if "*" in name)
    starred = [f"  # {name} has no addresses of its own: use the proxy" for name in patterns]
    starred += [
        f"  # {name} had no address when this was written" for name in sorted(named) if not named[name]
    ]
    return "\n".join(
        [
            "table inet seqlense",  # in one transaction: there is no moment without rules
            "delete table inet seqlense",
            "table inet seqlense {",
            *starred,
            *_set("recipients4", "ipv4_addr", four),
            *_set("recipients6", "ipv6_addr", six),
            "  chain output {",
            "    type filter hook output priority filter; policy accept;",
            *(['    meta skuid "' + user + '" oifname "lo" accept'] if allows.loopback else []),
            f'    meta skuid "{user}" ct state established,related accept',
            f'    meta skuid "{user}" ip daddr @recipients4 accept',
            f'    meta skuid "{user}" ip6 daddr @recipients6 accept',
            f'    meta skuid "{user}" counter reject',
            "  }",
            "}",
            "",
        ]
    )


def _set(name: str, kind: str, elements: list[str]) -> list[str]:
    listed = [f"    elements = {{ {', '.join(elements)} }}"] if elements else []
    return [f"  set {name} {{", f"    type {kind}; flags interval;", *listed, "  }"]


def _resolved(name: str) -> Iterator[str]:
    try:
        answers = socket.getaddrinfo(name, None)
    except OSError:
        return
    yield from {str(one[4][0]).split("%")[0] for one in answers}
