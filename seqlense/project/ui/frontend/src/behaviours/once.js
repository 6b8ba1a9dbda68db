// A form is sent once: its button says "busy" until the answer comes, and comes back alive with the back button.
const busy = new Set();

export default function once() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "get" || form.hasAttribute("data-repeatable") || event.defaultPrevented) return;
    if (busy.has(form)) {
      event.preventDefault();
      return;
    }
    busy.add(form);
    event.submitter?.setAttribute("aria-busy", "true");
    setTimeout(rest, 8000); // an answer that is a download leaves the page where it is
  });
  const rest = () => {
    busy.clear();
    for (const button of document.querySelectorAll("[aria-busy=true]")) button.removeAttribute("aria-busy");
  };
  window.addEventListener("pageshow", rest);
}
