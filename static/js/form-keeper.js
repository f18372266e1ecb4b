// A form sent without a connection would leave its page for the browser's own, and what was typed with it.
const PATIENCE = 10_000

class FormKeeper extends HTMLElement {
  #sure = new WeakSet() // Forms whose server has just answered.
  #asking = new WeakSet()

  connectedCallback() { document.addEventListener("submit", this.#keep) }
  disconnectedCallback() { document.removeEventListener("submit", this.#keep) }

  #keep = (event) => {
    const { target: form, submitter } = event
    // Whoever sends a form by themselves has prevented it by now, as votes do.
    if (event.defaultPrevented || form.method !== "post" || form.id === "votes" || this.#sure.delete(form)) return
    if (!navigator.onLine) {
      event.preventDefault()
      this.#say(this.dataset.offline)
    } else if ([...form.querySelectorAll("textarea")].some((field) => field.value.trim())) {
      event.preventDefault()
      this.#ask(form, submitter)
    }
  }

  // Where words may be lost, first whether anybody is there: a browser that thinks it has a line may be wrong.
  async #ask(form, submitter) {
    if (this.#asking.has(form)) return
    this.#asking.add(form)
    submitter?.setAttribute("aria-busy", "true")
    const there = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) }).then((answer) => answer.ok).catch(() => false)
    submitter?.removeAttribute("aria-busy")
    this.#asking.delete(form)
    if (!there) return this.#say(this.dataset.unreached)
    if (!form.isConnected) return
    this.#sure.add(form)
    form.requestSubmit(submitter?.isConnected ? submitter : undefined)
  }

  #say(text) { document.dispatchEvent(new CustomEvent("toast", { detail: { text, refused: true } })) }
}

customElements.define("form-keeper", FormKeeper)
