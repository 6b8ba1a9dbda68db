// <button type="button" data-copy="#id-of-text" data-copied="Copied">: copies the text of that element and says so.
export default function copy() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.querySelector(button.dataset.copy);
    await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
    const status = button.querySelector("[role=status]");
    if (status) status.textContent = button.dataset.copied;
  });
}
