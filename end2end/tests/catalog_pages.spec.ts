// What holds for every page also holds for those that administer the catalog: they fit a phone, axe finds nothing, both languages are complete.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, go, logIn, type Page, test } from "../support/test.ts";

// Half-faded colours of an opening dialog are not what people read.
test.use({ contextOptions: { reducedMotion: "reduce" } });
test.beforeEach(async ({ context }) => logIn(context, "operator"));

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PAGES = ["/admin/features", "/admin/features?q=nothing", "/admin/features/new", "/admin/features/6", "/admin/rules", "/admin/rules/new", "/admin/rules/2", "/admin/channels", "/admin/channels/new", "/admin/channels/1", "/admin/features/999"];

async function fits(page: Page): Promise<void> {
  const sizes = await page.evaluate(() => ({ page: document.documentElement.scrollWidth, screen: window.innerWidth }));
  expect(sizes.page, page.url()).toBeLessThanOrEqual(sizes.screen);
}

test("390 pixels are enough", async ({ page }) => {
  test.setTimeout(120_000);
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of PAGES) {
    await go(page, path);
    await fits(page);
  }
  // With everything that a field can have unfolded.
  await go(page, "/admin/features/new");
  await page.getByRole("button", { name: "添加字段" }).click();
  await page.locator("#field-0-type").selectOption("select");
  await page.getByRole("button", { name: "添加选项" }).click();
  await fits(page);
  await go(page, "/admin/rules/2");
  await page.getByRole("button", { name: "试运行" }).click();
  await expect(page.getByText("没有发现问题")).toBeVisible();
  await fits(page);
});

for (const theme of ["light", "dark"] as const) {
  test(`axe finds nothing, ${theme}`, async ({ page, context, baseURL }) => {
    test.setTimeout(240_000);
    await context.addCookies([{ name: "theme", value: theme, url: baseURL! }]);
    for (const path of PAGES) {
      await go(page, path);
      if (path === "/admin/rules/2") {
        await page.getByRole("button", { name: "试运行" }).click();
        await expect(page.getByText("没有发现问题")).toBeVisible();
      }
      // Through the debugger, so that the page's own policy for scripts stays as it is.
      await page.evaluate(axe);
      const found = await page.evaluate(() => (globalThis as unknown as { axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }).axe.run());
      expect(found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`), path).toEqual([]);
    }
  });
}

test("English is complete", async ({ page, context, baseURL }) => {
  test.setTimeout(120_000);
  await context.addCookies([{ name: "lang", value: "en", url: baseURL! }]);
  for (const path of PAGES.filter((path) => path !== "/admin/features" && path !== "/admin/features/6" && !path.startsWith("/admin/rules"))) {
    await go(page, path);
    const chinese = await page.evaluate(() => {
      const found: string[] = [];
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const text = (node.textContent ?? "").replaceAll("中文", "");
        if (!node.parentElement?.closest("script, style") && /\p{Script=Han}/u.test(text)) found.push(text);
      }
      return found;
    });
    expect(chinese, path).toEqual([]);
  }
});
