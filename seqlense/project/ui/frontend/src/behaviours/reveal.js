// <button type="button" data-reveal="id-of-field" data-hide="Hide" hidden>Show</button>: shows what a password field
// holds. Paste and password managers keep working.
export default function reveal() {
  for (const button of document.querySelectorAll("[data-reveal]")) {
    const field = document.getElementById(button.dataset.reveal);
    const words = button.textContent;
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = field.type === "password";
      field.type = shown ? "text" : "password";
      button.textContent = shown ? button.dataset.hide : words;
      button.setAttribute("aria-pressed", String(shown));
    });
  }
}
