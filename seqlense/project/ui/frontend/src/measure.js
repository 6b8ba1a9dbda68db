// Says once for each page which page is seen: its address, the page or site before it, and a class of screen.
// Nothing is kept in the browser. Who asks not to be counted sends nothing at all.
(() => {
  if (navigator.globalPrivacyControl || navigator.doNotTrack === "1" || !navigator.sendBeacon) return;
  let before = "";
  let source = "";
  try {
    const from = new URL(document.referrer);
    if (from.origin === location.origin) before = from.pathname;
    else source = from.hostname;
  } catch {
    // No page led here, or none that says so.
  }
  const width = screen.width;
  const size = width < 600 ? "small" : width < 1024 ? "medium" : width < 1600 ? "large" : "wide";
  navigator.sendBeacon("/measure", JSON.stringify({ page: location.pathname, before, source, screen: size }));
})();
