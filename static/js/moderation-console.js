// The moderators' console while it is open: the lists follow by themselves, each act answers at once, and keys do everything.
import { BoardFeed } from "ensemble/board-feed"
import { parse, write } from "ensemble/live"

const SOON = 400 // What changes together is asked for once.

class ModerationConsole extends HTMLElement {
  #feed
  #asking = 0
  #round = 0
  #undoing = 0
  #looked = null // The case that the others see us look at.

  connectedCallback() {
    this.addEventListener("click", this.#click)
    this.addEventListener("submit", this.#submit)
    document.addEventListener("keydown", this.#key)
    addEventListener("popstate", this.#refresh)
    addEventListener("pagehide", this.#leave)
    this.querySelector("[data-all]")?.removeAttribute("hidden")
    this.#feed ??= new BoardFeed(this.dataset.campaign, { take: this.#take, end: () => location.reload() })
    this.#feed.open(Number(this.dataset.seq))
    if (this.dataset.undo) this.#offer(this.dataset.undo, Number(this.dataset.seconds))
    this.#claim()
  }

  disconnectedCallback() {
    this.#feed.leave()
    document.removeEventListener("keydown", this.#key)
    removeEventListener("popstate", this.#refresh)
    removeEventListener("pagehide", this.#leave)
    clearTimeout(this.#asking)
    clearInterval(this.#undoing)
  }

  get #case() { return this.querySelector(".console__case")?.dataset.case ?? null }
  get #links() { return [...this.querySelectorAll(".console__link")] }
  get #open() { return this.hasAttribute("data-chosen") }
  #part(name) { return this.querySelector(`[data-part="${name}"]`) }

  #take = (change) => {
    if (!change.snapshot && !change.kinds?.some((kind) => kind.startsWith("case."))) return
    clearTimeout(this.#asking)
    this.#asking = setTimeout(this.#refresh, SOON)
  }

  // The page as it is now; what is being written, and what is chosen, stays.
  #refresh = async () => {
    const round = ++this.#round
    const page = await fetch(location.href).then((answer) => (answer.ok ? answer.text() : null)).catch(() => null)
    if (page && round === this.#round) this.#show(parse(page), { keep: true })
  }

  #go = async (url, { push = true } = {}) => {
    const round = ++this.#round
    const page = await fetch(url).then((answer) => (answer.ok ? answer.text() : null)).catch(() => null)
    if (!page) return location.assign(url)
    if (round !== this.#round) return
    if (push) history.pushState(null, "", url)
    this.#show(parse(page), { keep: false })
    this.#claim()
  }

  #show(fresh, { keep }) {
    const now = fresh.querySelector("moderation-console")
    if (!now) return location.reload()
    const chosen = new Set([...this.querySelectorAll("[name=case]:checked")].map((box) => box.value))
    const focused = document.activeElement?.closest(".console__link")?.dataset.case
    const scrolled = this.#part("list").scrollTop
    const writing = this.querySelector("#bulk-why")?.value
    this.toggleAttribute("data-chosen", now.hasAttribute("data-chosen"))
    for (const name of ["rail", "list"]) this.#part(name).replaceChildren(...copies(now.querySelector(`[data-part="${name}"]`)))
    for (const box of this.querySelectorAll("[type=checkbox][name=case]")) box.checked = chosen.has(box.value)
    if (writing) this.querySelector("#bulk-why").value = writing
    this.#part("list").scrollTop = scrolled
    this.querySelector("[data-all]")?.removeAttribute("hidden")
    if (focused) this.#links.find((link) => link.dataset.case === focused)?.focus()
    this.#item(now.querySelector('[data-part="item"]'), keep)
    document.title = fresh.querySelector("title").textContent
  }

  // What stands before the moderator's eyes changes only when it is another case, or was decided or edited meanwhile.
  #item(fresh, keep) {
    const [here, there] = [this.#part("item"), fresh]
    const state = (part) => `${part.querySelector(".console__case")?.dataset.case} ${part.querySelector("[name=read]")?.value} ${part.querySelectorAll(".console__reports li").length}`
    if (keep && state(here) === state(there)) return
    const why = keep ? here.querySelector("#why")?.value : ""
    here.replaceChildren(...copies(there))
    if (why && here.querySelector("#why")) here.querySelector("#why").value = why
  }

  #click = (event) => {
    const link = event.target.closest(".console__link, .console__back")
    if (link && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
      event.preventDefault()
      this.#go(link.href)
    }
    if (event.target.closest("[data-all]")) {
      const boxes = [...this.querySelectorAll("[type=checkbox][name=case]")]
      const all = boxes.every((box) => box.checked)
      for (const box of boxes) box.checked = !all
    }
  }

  #submit = async (event) => {
    const form = event.target
    if (form.method !== "post" || !form.action.startsWith(`${location.origin}${this.dataset.url}`)) return
    event.preventDefault()
    const data = new FormData(form, event.submitter)
    const act = event.submitter?.value
    const why = form.querySelector("[name=reason]")
    if (["hide", "hide_all", "put_back"].includes(act) && !why?.value.trim()) {
      why.closest("details")?.setAttribute("open", "")
      why.focus()
      return say(this.dataset.why, true)
    }
    const next = this.#next(data.getAll("case"))
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } }).catch(() => null)
    const said = await answer?.json().catch(() => null)
    if (!answer?.ok) {
      say(said?.error?.message ?? said?.message ?? this.dataset.gone, true)
      return this.#refresh()
    }
    for (const refused of said.refused ?? []) say(refused, true)
    if (!said.refused?.length) say(said.said)
    if (said.undo) this.#offer(said.undo, said.seconds)
    else this.#withdraw()
    await this.#go(next ?? `${this.dataset.url}/${this.dataset.queue}`)
  }

  // The case after those that are being decided, or the one before them.
  #next(decided) {
    const links = this.#links
    const place = links.findIndex((link) => decided.includes(link.dataset.case))
    const left = links.filter((link) => !decided.includes(link.dataset.case))
    const after = links.slice(place + 1).find((link) => !decided.includes(link.dataset.case))
    return this.#open || !narrow.matches ? (after ?? left.at(-1))?.href : null
  }

  // For ten seconds what was done can be taken back.
  #offer(batch, seconds) {
    this.#withdraw()
    const form = document.createElement("form")
    form.className = "console__undo"
    form.method = "post"
    form.action = `${this.dataset.url}/undo`
    form.append(hidden("csrf_token", document.querySelector("meta[name=csrf-token]").content), hidden("batch", batch))
    const button = Object.assign(document.createElement("button"), { className: "button" })
    button.dataset.kind = "secondary"
    form.append(button)
    const until = Date.now() + seconds * 1000
    const tell = () => {
      const left = Math.ceil((until - Date.now()) / 1000)
      if (left <= 0) return this.#withdraw()
      write(button, `${this.dataset.undoLabel} (${left})`)
    }
    this.append(form)
    tell()
    this.#undoing = setInterval(tell, 250)
  }

  #withdraw() {
    clearInterval(this.#undoing)
    for (const form of this.querySelectorAll(":scope > .console__undo, [data-undo-button]")) form.remove()
  }

  #key = (event) => {
    const typing = event.target.matches?.("input:not([type=checkbox]), textarea, select, [contenteditable]")
    if (event.key === "Escape" && typing) return event.target.blur()
    if (typing || event.metaKey || event.ctrlKey || event.altKey) return
    if (event.key === "j" || event.key === "k") return this.#move(event.key === "j" ? 1 : -1)
    if (event.key === "x") {
      const box = this.querySelector(`[type=checkbox][value="${this.#case}"]`)
      if (box) box.checked = !box.checked
      return
    }
    if (event.key === "u") return this.querySelector(":scope > .console__undo button")?.click()
    if (event.key === "w") {
      event.preventDefault()
      return this.querySelector("#why")?.focus()
    }
    const button = this.querySelector(`.console__acts [data-key="${CSS.escape(event.key)}"]`)
    if (!button) return
    event.preventDefault()
    button.form.requestSubmit(button)
  }

  #move(step) {
    const links = this.#links
    const at = links.findIndex((link) => link.dataset.case === this.#case)
    const link = links[at + step]
    if (!link) return
    link.focus()
    this.#go(link.href)
  }

  // The others see who looks at what.
  #claim() {
    const looked = this.#open ? this.#case : null
    if (looked === this.#looked) return
    this.#tell(this.#looked, looked)
    this.#looked = looked
  }

  #leave = () => { if (this.#looked) this.#tell(this.#looked, null) }

  #tell(left, looked) {
    const body = new FormData()
    body.append("csrf_token", document.querySelector("meta[name=csrf-token]").content)
    if (left) body.append("left", left)
    if (looked) body.append("case", looked)
    fetch(`${this.dataset.url}/claims`, { method: "POST", body, keepalive: true }).catch(() => null)
  }
}

const narrow = matchMedia("(width < 64rem)")
const copies = (part) => [...document.importNode(part, true).childNodes]
const hidden = (name, value) => Object.assign(document.createElement("input"), { type: "hidden", name, value })
const say = (text, refused = false) => document.dispatchEvent(new CustomEvent("toast", { detail: { text, refused } }))

customElements.define("moderation-console", ModerationConsole)
