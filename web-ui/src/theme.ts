// Light, dark, or as the system has it.
import { signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";

const KEY = "onebox-theme";

function kept(): Theme {
  try {
    const text = localStorage.getItem(KEY);
    return text === "light" || text === "dark" ? text : "system";
  } catch {
    return "system"; // storage is switched off
  }
}

export const theme = signal<Theme>(kept());

export function setTheme(next: Theme): void {
  theme.value = next;
  show();
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // storage is switched off: the choice lasts as long as the page
  }
}

function show(): void {
  document.documentElement.dataset["theme"] = theme.value;
}

show();
