// <button type="button" data-save="#id-of-text" data-file="name.txt" hidden>: saves the text of that element as a file. It
// is made in the browser, so a secret that is shown once is not asked of the server again.
export default function saveText() {
  for (const button of document.querySelectorAll("[data-save]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const source = document.querySelector(button.dataset.save);
      const words = `${(source.value ?? source.innerText).trim()}\n`;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([words], { type: "text/plain" }));
      link.download = button.dataset.file;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
  }
}
