// htmx under a strict policy: its settings come from <meta name="htmx-config"> in ui/head.html.
import htmx from "htmx.org";

// A fragment posted without a form of its own still carries the token of the page's first form.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]");
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.value;
});

// Answers that carry a form with errors (422) are shown in place, as the server meant them.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  event.detail.elt.querySelector?.(".error-summary")?.focus();
});

export default htmx;
