// <input type="file" data-most data-largest data-altogether data-words>: says at once what would be refused, so that
// nobody waits for an upload in vain. The server counts again.
export default function files() {
  document.addEventListener("change", (event) => {
    const input = event.target.closest("input[type=file][data-largest]");
    if (!input) return;
    const chosen = [...input.files];
    const together = chosen.reduce((sum, file) => sum + file.size, 0);
    const { most, largest, altogether, words } = input.dataset;
    const wrong =
      chosen.length > Number(most) ||
      together > Number(altogether) ||
      chosen.some((file) => file.size > Number(largest));
    let said = input.parentElement.querySelector("[data-said]");
    if (!said) {
      said = document.createElement("p");
      said.className = "field-error";
      said.dataset.said = "";
      said.setAttribute("role", "alert");
      input.after(said);
    }
    said.textContent = wrong ? words : "";
    said.hidden = !wrong;
  });
}
