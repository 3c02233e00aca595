// Every page of the console, and what must hold on each: it fits a phone, and axe finds nothing.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, type Page } from "@playwright/test";

/** Pages of those who are not logged in. */
export const OPEN_PAGES = ["/login", "/register"];

/** Pages of every user; those of one task, log row or webhook are added by the tests that make one. */
export const USER_PAGES = [
  "/dashboard",
  "/dashboard?range=30d",
  "/tasks",
  "/tasks/new",
  "/tasks/new?feature=6",
  "/tasks/new?feature=1&tab=batch",
  "/apis",
  "/apis?feature=6",
  "/apis?custom=2",
  "/logs",
  "/logs?status=5xx",
  "/recharge",
  "/ledger",
  "/ledger?kind=refund",
  "/profile",
  "/profile?tab=keys",
  "/profile?tab=sessions",
  "/profile?tab=password",
  "/profile?tab=two-step",
  "/profile?tab=webhooks",
  "/nowhere",
];

/** Pages that only administrators see. */
export const ADMIN_PAGES = [
  "/admin",
  "/admin/users",
  "/admin/users?tab=invitations",
  "/admin/users/1",
  "/admin/tasks",
  "/admin/features",
  "/admin/features?q=nothing",
  "/admin/features/new",
  "/admin/features/6",
  "/admin/features/999",
  "/admin/rules",
  "/admin/rules/new",
  "/admin/rules/2",
  "/admin/channels",
  "/admin/channels/new",
  "/admin/channels/1",
  "/admin/custom-apis",
  "/admin/custom-apis/new",
  "/admin/custom-apis/1",
  "/admin/recharge",
  "/admin/redemption-codes",
  "/admin/webhook-deliveries",
  "/admin/announcements",
  "/admin/settings",
  "/admin/audit",
];

/** Nothing on the page is wider than the screen. */
export async function fits(page: Page): Promise<void> {
  const sizes = await page.evaluate(() => ({ page: document.documentElement.scrollWidth, screen: window.innerWidth }));
  expect(sizes.page, page.url()).toBeLessThanOrEqual(sizes.screen);
  expect(sizes.screen, page.url()).toBe(page.viewportSize()?.width);
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  id: string;
  help: string;
  nodes: { html: string }[];
}

/** Waits until no element has come or gone for a moment, five seconds at most: one that is replaced while axe reads it has no text any more. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const observer = new MutationObserver(() => {
          clearTimeout(quiet);
          quiet = setTimeout(finish, 200);
        });
        const finish = () => {
          observer.disconnect();
          resolve();
        };
        let quiet = setTimeout(finish, 200);
        setTimeout(finish, 5000);
        observer.observe(document.body, { childList: true, subtree: true });
      }),
  );
}

/** axe finds nothing wrong with the page as it is. */
export async function accessible(page: Page, what = page.url()): Promise<void> {
  await settled(page);
  // Through the debugger, so that the page's own policy for scripts stays as it is.
  await page.evaluate(axe);
  const found = await page.evaluate(() => (globalThis as unknown as { axe: { run: () => Promise<{ violations: Violation[] }> } }).axe.run());
  expect(found.violations.map((one) => `${one.id}: ${one.help}\n${one.nodes.map((node) => `  ${node.html.slice(0, 200)}`).join("\n")}`), what).toEqual([]);
}
