// <section data-share data-share-url="…" data-share-title="…">: shows [data-share-copy] where scripts run, and
// [data-share-device] where the device has a share sheet of its own; [data-share-open] opens it. Nothing is sent by us.
export default function share() {
  for (const place of document.querySelectorAll("[data-share]")) {
    const copy = place.querySelector("[data-share-copy]");
    if (copy && navigator.clipboard) copy.hidden = false;
    const what = { url: place.dataset.shareUrl, title: place.dataset.shareTitle };
    if (!navigator.share || (navigator.canShare && !navigator.canShare(what))) continue;
    place.querySelector("[data-share-device]").hidden = false;
    place.querySelector("[data-share-open]").addEventListener("click", async () => {
      try {
        await navigator.share(what);
      } catch (error) {
        if (error.name !== "AbortError") throw error; // closing the sheet is an answer
      }
    });
  }
}
