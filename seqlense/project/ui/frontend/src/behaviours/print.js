// <button type="button" data-print hidden>: shown only where scripts run, opens the browser's print dialogue.
export default function print() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
