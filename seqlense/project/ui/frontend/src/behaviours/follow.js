// <section id="…" data-follow>: while anything in it says data-running, it is fetched anew every two seconds.
const EVERY = 2000;

export default function follow() {
  for (const section of document.querySelectorAll("[data-follow]")) wait(section);
}

function wait(section) {
  if (section.querySelector("[data-running]")) setTimeout(() => look(section), EVERY);
}

async function look(section) {
  if (document.hidden) return wait(section);
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = answer.ok && !answer.redirected ? page.getElementById(section.id) : null;
    if (!fresh) return;
    if (fresh.innerHTML !== section.innerHTML && !section.contains(document.activeElement)) {
      section.replaceChildren(...fresh.childNodes);
    }
  } catch {
    // The line is cut for a moment: look again.
  }
  wait(section);
}
