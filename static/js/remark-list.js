// The remarks on an idea, while others speak: what is new appears, what was edited changes, and no form is touched.
import { number, parse, play, write } from "ensemble/live"

const SPREAD = 1000 // Each asks for the whole page, and many have it open: not all in the same instant,
const REST = 3000 // and each of them not for every remark of a lively talk.

class RemarkList extends HTMLElement {
  #asking = false
  #again = false
  #asked = -REST

  connectedCallback() {
    document.addEventListener("board:idea", this.#hear)
    this.addEventListener("submit", this.#judge)
  }

  disconnectedCallback() {
    document.removeEventListener("board:idea", this.#hear)
    this.removeEventListener("submit", this.#judge)
  }

  // That a remark helps is said without leaving the page. The number is the server's, and what it refuses it says why.
  #judge = async (event) => {
    const button = event.submitter
    if (!button?.matches(".helpful")) return
    event.preventDefault()
    if (button.ariaBusy === "true") return
    button.ariaBusy = "true"
    const form = event.target
    const options = { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } }
    const answer = await fetch(button.formAction, options).catch(() => null)
    const said = await answer?.json().catch(() => null)
    button.ariaBusy = null
    if (answer?.ok && said) return show(button, said)
    document.dispatchEvent(new CustomEvent("toast", { detail: { text: said?.error?.message ?? form.dataset.failed, refused: true } }))
  }

  // One question at a time, and one more for all that was heard meanwhile: an older answer never follows a newer one.
  #hear = async ({ detail }) => {
    if (String(detail.id) !== this.dataset.idea) return
    this.#again = true
    if (this.#asking) return
    this.#asking = true
    while (this.#again && this.isConnected) {
      const rest = Math.max(0, this.#asked + REST - performance.now())
      await new Promise((resolve) => setTimeout(resolve, rest + SPREAD * Math.random()))
      await seen()
      this.#again = false
      this.#asked = performance.now()
      await this.#ask()
    }
    this.#asking = false
  }

  async #ask() {
    const page = await fetch(location.pathname + location.search).then((answer) => (answer.ok ? answer.text() : null)).catch(() => null)
    const whole = page && parse(page)
    if (whole) document.dispatchEvent(new CustomEvent("idea:fresh", { detail: whole })) // Asked for once, for whoever follows it.
    const fresh = whole?.querySelector("remark-list")
    if (!fresh) return
    this.querySelector("h2").textContent = fresh.querySelector("h2").textContent
    for (const part of this.querySelectorAll("[data-part]")) follow(part, fresh.querySelector(`[data-part="${part.dataset.part}"]`))
    for (const remark of fresh.querySelectorAll(".comment")) this.#place(remark)
    for (const remark of this.querySelectorAll(".comment")) if (!fresh.querySelector(`#${remark.id}`)) this.#takeOff(remark)
    if (this.querySelector(".comment")) this.querySelector(".comments__none")?.remove()
  }

  #place(remark) {
    const there = this.querySelector(`#${remark.id}`)
    if (there) return this.#refresh(there, remark)
    const above = remark.parentElement.closest(".comment")
    const list = above ? this.#repliesTo(above.id) : this.querySelector(".comments__list")
    const copy = document.importNode(remark, true)
    list?.append(copy)
    play(copy, "new")
  }

  #refresh(there, remark) {
    const [before, after] = [there, remark].map((one) => one.querySelector(":scope > .comment__text"))
    const deleted = remark.dataset.deleted !== undefined || !after.classList.contains("prose")
    if (deleted) return this.#silence(there, after)
    const [judged, now] = [there, remark].map((one) => one.querySelector(":scope > .comment__acts > .helpful"))
    if (judged?.matches("button") && now?.matches("button")) {
      if (judged.ariaBusy !== "true") show(judged, { helpful: now.querySelector(".helpful__count").textContent, mine: now.ariaPressed === "true" })
    } else if (judged?.outerHTML !== now?.outerHTML) {
      if (judged && now) judged.replaceWith(document.importNode(now, true))
      else if (now) there.querySelector(":scope > .comment__acts")?.prepend(document.importNode(now, true))
      else judged.remove()
    }
    if (before.innerHTML !== after.innerHTML && !before.contains(document.activeElement)) before.innerHTML = after.innerHTML
  }

  // Its words, its author and its acts go; the answers below it stay, and so does an answer that is being written.
  #silence(there, sentence) {
    const form = there.querySelector(":scope > .comment__reply")
    for (const part of [...there.children]) {
      if (part.matches(".comment__replies, .comment__text") || (part === form && inUse(form))) continue
      part.remove()
    }
    const text = there.querySelector(":scope > .comment__text")
    if (sentence && text.outerHTML !== sentence.outerHTML) text.replaceWith(document.importNode(sentence, true))
    there.dataset.deleted = ""
  }

  #takeOff(remark) {
    if (![...remark.querySelectorAll("form")].some(inUse)) return remark.remove()
    this.#silence(remark)
    remark.querySelector(":scope > .comment__text").replaceChildren()
  }

  #repliesTo(id) {
    const above = this.querySelector(`#${id}`)
    if (above && !above.querySelector(".comment__replies")) {
      above.append(Object.assign(document.createElement("ol"), { className: "comment__replies" }))
    }
    return above?.querySelector(".comment__replies")
  }
}

// How many find it helpful, and whether this reader does. A number from our own server comes bare, and from a page as it is written.
const show = (button, { helpful, mine }) => {
  write(button.querySelector(".helpful__count"), typeof helpful === "number" ? (helpful ? number(helpful) : "") : helpful)
  button.ariaPressed = String(mine)
  const path = button.getAttribute("formaction").replace(/\/withdrawal$/, "")
  button.setAttribute("formaction", mine ? `${path}/withdrawal` : path)
}

// What stands above the remarks is as it is now, unless somebody is in it.
const follow = (part, now) => {
  if (!now || part.contains(document.activeElement) || still(part) === still(now)) return
  part.replaceChildren(...document.importNode(now, true).childNodes)
}

// Without the distance from now, which each page tells by itself.
const still = (part) => {
  const copy = part.cloneNode(true)
  for (const time of copy.querySelectorAll("time")) time.textContent = ""
  return copy.innerHTML.replace(/\s+/g, " ").trim()
}

// A page that nobody looks at asks when somebody does.
const seen = async () => {
  while (document.hidden) await new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }))
}

// Somebody is writing in it, or stands in it.
const inUse = (part) => part.contains(document.activeElement) || [...part.querySelectorAll("textarea")].some((field) => field.value.trim())

customElements.define("remark-list", RemarkList)
