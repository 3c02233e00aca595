// What every test uses: a page that is logged in, and that fails the test if the browser complains.
import { type Browser, type BrowserContext, expect, type Locator, type Page, test as base } from "@playwright/test";
import { type Account, PASSWORD } from "./accounts.ts";

export { expect };
export type { Locator, Page };

/** The address of the server under test. */
export const url = (): string => process.env.E2E_URL ?? "";

/** The address of the stand-in upstream. */
export const upstream = (): string => process.env.E2E_UPSTREAM ?? "";

interface Options {
  /** Who is logged in; nobody without it. */
  account: Account | undefined;
  /** Complaints of the browser that the test provokes. */
  expected: RegExp[];
}

export const test = base.extend<Options>({
  account: [undefined, { option: true }],
  expected: [[], { option: true }],

  baseURL: async ({}, use) => use(url()),

  context: async ({ context, account }, use) => {
    if (account) await logIn(context, account);
    await use(context);
  },

  page: async ({ page, expected }, use) => {
    const complaints: string[] = [];
    // Refused requests are the subject of some tests; the pages show them, so the browser's own line about them is no news.
    const noise = [/^Failed to load resource/, ...expected];
    const note = (text: string) => {
      if (!noise.some((known) => known.test(text))) complaints.push(text);
    };
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") note(message.text());
    });
    page.on("pageerror", (error) => note(String(error)));
    await use(page);
    expect(complaints, "errors and warnings in the browser's console").toEqual([]);
  },
});

/** Logs a browser in without its pages. */
export async function logIn(context: BrowserContext, username: string, password = PASSWORD, server = url()): Promise<void> {
  const answer = await context.request.post(`${server}/login`, {
    form: { username, password, next: "/tasks" },
    headers: { origin: server },
    maxRedirects: 0,
  });
  expect(answer.status(), "log-in").toBe(303);
  expect(answer.headers().location).toBe("/tasks");
}

/** A second browser, logged in, with a page. */
export async function another(browser: Browser, account: Account): Promise<Page> {
  const context = await browser.newContext({ baseURL: url(), locale: "zh-CN" });
  await logIn(context, account);
  return context.newPage();
}

/** Opens a page and waits until it answers to clicks. */
export async function go(page: Page, path: string): Promise<void> {
  const answer = await page.goto(path);
  expect(answer?.status(), path).toBeLessThan(500);
  await hydrated(page);
}

/** Waits until the open page answers to clicks. */
export async function hydrated(page: Page): Promise<void> {
  await page.locator("html[data-hydrated]").waitFor({ state: "attached", timeout: 20_000 });
}

/** Available and held points as the header shows them. */
export async function points(page: Page): Promise<{ available: number; held: number }> {
  const balance = page.locator(".balance");
  const number = async (name: string) => Number(await balance.getAttribute(name));
  return { available: await number("data-available"), held: await number("data-held") };
}

/** Waits until the header shows so many points. */
export async function expectPoints(page: Page, available: number, held: number): Promise<void> {
  await expect.poll(() => points(page), { message: "points in the header" }).toEqual({ available, held });
}

/** Chooses a feature on the page that creates tasks. */
export async function choose(page: Page, feature: string): Promise<void> {
  await go(page, "/tasks/new");
  await page.getByRole("link", { name: feature }).click();
  await expect(page.getByRole("heading", { name: feature })).toBeVisible();
}

/** Submits the form and gives back the number of the new task, whose page is open then. */
export async function submit(page: Page): Promise<number> {
  await page.getByRole("button", { name: "提交任务" }).click();
  await page.waitForURL(/\/tasks\/\d+$/);
  return Number(page.url().split("/").at(-1));
}

/** The state of the task whose page is open. */
export function status(page: Page): Locator {
  return page.getByRole("main").locator("[data-status]").first();
}

/** Waits until the open page shows the task in one of these states. */
export async function expectStatus(page: Page, ...wanted: string[]): Promise<void> {
  await expect(status(page)).toHaveAttribute("data-status", new RegExp(`^(${wanted.join("|")})$`), { timeout: 30_000 });
}

/** Marks the document; `sameDocument` then tells whether it was loaded anew. */
export async function mark(page: Page): Promise<void> {
  await page.evaluate(() => document.documentElement.setAttribute("data-marked", "1"));
}

/** Whether the document is the one that was marked: what changed on it did so without reloading. */
export async function sameDocument(page: Page): Promise<void> {
  await expect(page.locator("html[data-marked]")).toHaveCount(1);
}
