// Where we are: the path of the address is the page.
import { signal } from "@preact/signals";

export const path = signal(location.pathname);

/** Whether the first page has been shown: only later ones take the focus. */
let isFirst = true;

export function navigate(to: string): void {
  if (to !== location.pathname) {
    history.pushState(null, "", to);
    arrive();
  }
}

function arrive(): void {
  path.value = location.pathname;
  isFirst = false;
  scrollTo(0, 0);
}

addEventListener("popstate", arrive);

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (link === null || !isPlain || link.origin !== location.origin || link.target !== "" || link.hash !== "") {
    return;
  }
  event.preventDefault();
  navigate(link.pathname);
});

/** Tells those who do not see it that the page is another one. */
export function arriveAt(heading: HTMLElement | null): void {
  if (!isFirst) {
    heading?.focus();
  }
}
