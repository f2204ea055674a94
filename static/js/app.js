// What HTML alone cannot do yet. Every page works without it.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const spoken = $("#spoken");
const say = (text) => { spoken.textContent = ""; requestAnimationFrame(() => { spoken.textContent = text; }); };

// Buttons that open a dialog, for browsers without invoker commands
if (!("commandForElement" in HTMLButtonElement.prototype)) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[commandfor]");
    const dialog = button && document.getElementById(button.getAttribute("commandfor"));
    if (!dialog) return;
    if (button.getAttribute("command") === "close") dialog.close(); else dialog.showModal();
  });
}

// What went wrong gets the focus, so that it is read first
const focusProblems = (root) => $("[data-focus]", root)?.focus();
focusProblems(document);
document.addEventListener("htmx:afterSwap", (event) => focusProblems(event.target));
// What a tool found answers what was wrong before: the next sending judges anew
document.addEventListener("htmx:afterSwap", (event) => {
  const form = event.target.matches(".ui-tool *, .ui-tool") && event.target.closest("form");
  if (!form) return;
  $("#problems", form)?.remove();
  $$("[id$=_error]", form).forEach((error) => error.remove());
  $$("[aria-invalid]", form).forEach((field) => field.removeAttribute("aria-invalid"));
});
// What a fragment brings into a form is a change of the form
document.addEventListener("htmx:afterSwap", (event) => event.target.closest("form")?.dispatchEvent(new Event("input")));
document.addEventListener("htmx:responseError", () => say(spoken.dataset.failed));
document.addEventListener("htmx:sendError", () => say(spoken.dataset.failed));

// Copying says that it was done
document.addEventListener("clipboard-copy", (event) => {
  event.target.dataset.copied = "";
  say(spoken.dataset.copied);
  setTimeout(() => delete event.target.dataset.copied, 1600);
});

document.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.parentElement.remove();
});

// The palette: Ctrl K, ⌘ K or /; arrows and Enter
const palette = $("#palette");
const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable]");
document.addEventListener("keydown", (event) => {
  const asks = (event.key === "k" && (event.ctrlKey || event.metaKey)) || (event.key === "/" && !isTyping(event.target) && !event.ctrlKey && !event.metaKey);
  if (asks && palette && !palette.open && !$("dialog[open]")) {
    event.preventDefault();
    palette.showModal();
  }
});
palette?.addEventListener("keydown", (event) => {
  const hits = $$("#hits a");
  const chosen = hits.findIndex((hit) => hit.classList.contains("ui-chosen"));
  if (event.key === "Enter" && hits.length && event.target.matches("input")) {
    event.preventDefault();
    hits[Math.max(chosen, 0)].click();
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !hits.length) return;
  event.preventDefault();
  hits[chosen]?.classList.remove("ui-chosen");
  const next = hits[(chosen + step + hits.length) % hits.length];
  next.classList.add("ui-chosen");
  next.scrollIntoView({ block: "nearest" });
  say(next.textContent.trim());
});
palette?.addEventListener("click", (event) => { if (event.target === palette) palette.close(); });

// Unsaved changes: the bar appears, and leaving asks. Sending twice sends once.
// What only a preview reads is no change: [data-unwatched].
const isWatched = (form, name) => !$$("[data-unwatched]", form).some((field) => field.name === name);
const state = (form) => new URLSearchParams([...new FormData(form)].filter(([name, value]) => typeof value === "string" && isWatched(form, name))).toString();
for (const form of $$("form[data-watch]")) {
  const saved = form.dataset.watch === "dirty" ? null : state(form);
  const look = () => form.classList.toggle("ui-dirty", state(form) !== saved);
  form.classList.add("ui-watched");
  form.addEventListener("input", look);
  form.addEventListener("change", look);
  look();
  $("[data-discard]", form)?.addEventListener("click", () => form.classList.remove("ui-dirty"));
  form.addEventListener("submit", () => form.classList.remove("ui-dirty"));
}
addEventListener("beforeunload", (event) => { if ($("form.ui-dirty")) event.preventDefault(); });
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => $$("form[data-sent]").forEach((form) => delete form.dataset.sent));

// A filter takes effect when it is changed; its button is for who has no JavaScript
document.addEventListener("change", (event) => {
  if (event.target.matches("form[data-filter] :is(select, input[type=radio], input[type=checkbox])")) event.target.form.requestSubmit();
});

// A file dragged over a drop zone
for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    event.target.closest?.(".ui-drop")?.classList.toggle("ui-over", name === "dragenter" || name === "dragover");
  });
}
