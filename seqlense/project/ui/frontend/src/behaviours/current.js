// <div data-current>: a row of places wider than its frame is moved until the current one shows.
export default function current() {
  for (const places of document.querySelectorAll("[data-current]")) {
    const frame = places.parentElement;
    const place = places.querySelector("[aria-current]");
    if (!place || frame.scrollWidth <= frame.clientWidth) continue;
    frame.scrollLeft += place.getBoundingClientRect().left - (frame.clientWidth - place.offsetWidth) / 2;
  }
}
