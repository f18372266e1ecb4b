// The moderators' console while it is open: the lists follow by themselves, each act answers at once, and keys do everything.
import { BoardFeed } from "ensemble/board-feed"
import { parse, write } from "ensemble/live"

const SOON = 400 // What changes together is asked for once,
const LATER = 3000 // and what only moves a number not as often: a board of thousands never rests.
const EVERY = 30_000 // Time alone makes an answer overdue, and calms a flood.
const OURS = ["case.", "answer.", "duplicate.", "doubts.", "evaluation."]
const ELSEWHERE = ["idea.", "ideas.", "vote.set_aside", "vote.brought_back", "comment.deleted", "campaign.", "stage."]

class ModerationConsole extends HTMLElement {
  #feed
  #asking = 0
  #asked = Infinity // When it will be asked.
  #ticking = 0
  #round = 0
  #going = 0 // Pages that somebody asked for and that are on their way.
  #undoing = 0
  #looked = null // The case that the others see us look at.
  #acting = false // An act is on its way.

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
    this.#ticking = setInterval(() => {
      if (document.hidden) return
      this.#refresh()
      if (this.#looked) this.#tell(null, this.#looked) // Still: who says so no more has gone away.
    }, EVERY)
    this.#claim()
  }

  disconnectedCallback() {
    this.#feed.leave()
    clearInterval(this.#ticking)
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

  // The list that is shown, with what is searched for in it, and no case of it.
  get #list() {
    const url = new URL(location.href)
    for (const name of ["case", "undo"]) url.searchParams.delete(name)
    return url.href
  }

  // It is asked after the first of many changes, not after the last: under a flood there is none.
  #take = (change) => {
    const is = (beginnings) => change.kinds?.some((kind) => beginnings.some((beginning) => kind.startsWith(beginning)))
    const pause = change.snapshot || is(OURS) ? SOON : is(ELSEWHERE) ? LATER : Infinity
    if (Date.now() + pause >= this.#asked) return
    this.#asked = Date.now() + pause
    clearTimeout(this.#asking)
    this.#asking = setTimeout(this.#refresh, pause)
  }

  // The page as it is now; what is being written, and what is chosen, stays.
  #refresh = async () => {
    if (this.#going) return void (this.#asking = setTimeout(this.#refresh, SOON)) // Or what was asked for would be forgotten.
    this.#asked = Infinity
    const round = ++this.#round
    const page = await fetch(location.href).then((answer) => (answer.ok ? answer.text() : null)).catch(() => null)
    if (page && round === this.#round) this.#show(parse(page), { keep: true })
  }

  #go = async (url, { push = true } = {}) => {
    const round = ++this.#round
    this.#going++
    const page = await fetch(url).then((answer) => (answer.ok ? answer.text() : null)).catch(() => null)
    this.#going--
    if (!page) return location.assign(url)
    if (round !== this.#round) return
    if (push) history.pushState(null, "", url)
    this.#show(parse(page), { keep: false })
    this.#claim()
  }

  #show(fresh, { keep }) {
    const now = fresh.querySelector("moderation-console")
    if (!now) return location.reload()
    this.toggleAttribute("data-chosen", now.hasAttribute("data-chosen"))
    this.#renew("rail", now)
    if (this.#part("beside")) this.#renew("beside", now)
    this.#alert(now)
    document.title = fresh.querySelector("title").textContent
    if (!this.#part("list")) return
    if (!keep || !document.activeElement?.matches("#bulk-why")) this.#renewList(now, keep)
    this.#item(now.querySelector('[data-part="item"]'), keep)
    if (keep) this.#claim()
  }

  #renewList(now, keep) {
    const chosen = new Set([...this.querySelectorAll("[name=case]:checked")].map((box) => `${box.value} ${this.#readOf(box)}`))
    const pane = this.querySelector(".console__list")
    const scrolled = pane.scrollTop
    const [writing, written] = [keep && this.querySelector(".console__more")?.open, keep && this.querySelector("#bulk-why")?.value]
    this.#renew("list", now)
    for (const box of this.querySelectorAll("[type=checkbox][name=case]")) box.checked = chosen.has(`${box.value} ${this.#readOf(box)}`) // What was edited since is chosen anew, or not.
    if (writing) this.querySelector(".console__more")?.setAttribute("open", "")
    if (written && this.querySelector("#bulk-why")) this.querySelector("#bulk-why").value = written
    pane.scrollTop = scrolled
    this.querySelector("[data-all]")?.removeAttribute("hidden")
  }

  #readOf(box) { return this.querySelector(`.console__row [name="read-${box.value}"]`)?.value }

  // A part as it is by now. Whoever stands in it with the keyboard stays where they were.
  #renew(name, now) {
    const part = this.#part(name)
    const at = part.contains(document.activeElement) ? signOf(document.activeElement) : null
    part.replaceChildren(...copies(now.querySelector(`[data-part="${name}"]`)))
    if (at) [...part.querySelectorAll("a, button, input, summary")].find((one) => signOf(one) === at)?.focus()
  }

  // Said once: figures that move in an alert are no news, and a region that is written anew is read anew.
  #alert(now) {
    const [here, there] = [this.#part("alerts"), now.querySelector('[data-part="alerts"]')]
    const kinds = (part) => [...part.querySelectorAll("[data-alert]")].map((alert) => alert.dataset.alert).join(" ")
    if (here && there && kinds(here) !== kinds(there)) here.replaceChildren(...copies(there))
  }

  // What stands before the moderator's eyes changes only when it is another case, or was decided or edited meanwhile.
  #item(fresh, keep) {
    const [here, there] = [this.#part("item"), fresh]
    const state = (part) => `${part.querySelector(".console__case")?.dataset.case} ${part.querySelector("[name=read]")?.value} ${part.querySelectorAll(".console__reports li").length}`
    if (keep && state(here) === state(there)) {
      const [told, looker] = [here, there].map((part) => part.querySelector("[data-holder]"))
      if (told && looker && (told.dataset.holder !== looker.dataset.holder || told.textContent !== looker.textContent)) told.replaceWith(document.importNode(looker, true))
      return
    }
    const why = keep ? here.querySelector("#why")?.value : ""
    here.replaceChildren(...copies(there))
    if (why && here.querySelector("#why")) here.querySelector("#why").value = why
  }

  #click = (event) => {
    const link = event.target.closest(".console__link, .console__back, .console__further")
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
    if (this.#acting) return
    const data = new FormData(form, event.submitter)
    const act = event.submitter?.value
    const why = form.querySelector("[name=reason]")
    if ((["hide", "hide_all", "put_back"].includes(act) || (act === "uphold" && form.hasAttribute("data-appealed"))) && !why?.value.trim()) {
      why.closest("details")?.setAttribute("open", "")
      why.focus()
      return say(this.dataset.why, true)
    }
    const next = this.#next(data.getAll("case"))
    this.#acting = true
    try {
      await this.#act(form, data, next)
    } finally {
      this.#acting = false
    }
  }

  async #act(form, data, next) {
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } }).catch(() => null)
    const said = await answer?.json().catch(() => null)
    if (answer?.ok && form.action.includes("/console/alerts")) return form.closest("[data-alert]").remove()
    if (!answer?.ok) {
      say(said?.error?.message ?? said?.message ?? this.dataset.gone, true)
      return this.#refresh()
    }
    if (said.then) return location.assign(said.then)
    await this.#go(next ?? this.#list) // The next keys are for what stands there then.
    for (const refused of said.refused ?? []) say(refused, true)
    if (!said.refused?.length) say(said.said)
    if (said.undo) this.#offer(said.undo, said.seconds)
    else this.#withdraw()
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
    if (typing || event.metaKey || event.ctrlKey || event.altKey || document.querySelector(":popover-open")) return
    if (this.#acting) return // A key that is hit twice decides once,
    if (event.key === "j" || event.key === "k") return this.#move(event.key === "j" ? 1 : -1)
    if (event.repeat) return // and so does one that is held.
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
    if (event.key === "?") return document.getElementById("console-keys")?.showPopover()
    if (event.key === "/" && this.querySelector("#find-words")) {
      event.preventDefault()
      this.querySelector(".console__filters").open = true
      return this.querySelector("#find-words").focus()
    }
    const act = this.querySelector(`[data-key="${CSS.escape(event.key)}"]:not([hidden])`)
    if (!act) return
    event.preventDefault()
    if (act.type === "submit") act.form.requestSubmit(act)
    else act.click()
  }

  #move(step) {
    const links = this.#links
    const at = links.findIndex((link) => link.dataset.case === this.#case)
    const link = links[at + step] ?? (step > 0 ? this.querySelector(".console__further") : null)
    if (!link) return
    link.focus()
    this.#go(link.href)
  }

  // The others see who looks at what.
  #claim() {
    const shown = this.querySelector(".console__case[data-waits]")
    const looked = shown && (this.#open || !narrow.matches) ? shown.dataset.case : null
    const free = looked && !shown.querySelector("[data-holder]").dataset.holder
    if (looked === this.#looked && !free) return
    this.#tell(looked === this.#looked ? null : this.#looked, looked)
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
const signOf = (element) => element.getAttribute("href") ?? (element.name ? `${element.name} ${element.value}` : `${element.tagName} ${element.textContent.trim()}`)
const copies = (part) => [...document.importNode(part, true).childNodes]
const hidden = (name, value) => Object.assign(document.createElement("input"), { type: "hidden", name, value })
const say = (text, refused = false) => document.dispatchEvent(new CustomEvent("toast", { detail: { text, refused } }))

customElements.define("moderation-console", ModerationConsole)
