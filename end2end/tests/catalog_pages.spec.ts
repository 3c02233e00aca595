// What holds for every page also holds for the forms of the catalog with everything unfolded; both languages are complete.
import { ADMIN_PAGES, fits } from "../support/pages.ts";
import { expect, go, logIn, test } from "../support/test.ts";

test.beforeEach(async ({ context }) => logIn(context, "operator"));

test("390 pixels are enough for everything that a field can have", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
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

test("English is complete where nothing of the catalog is shown", async ({ page, context, baseURL }) => {
  test.setTimeout(120_000);
  await context.addCookies([{ name: "lang", value: "en", url: baseURL! }]);
  for (const path of ADMIN_PAGES.filter((path) => /\/(features\/new|features\/999|features\?q=nothing|channels|custom-apis\/new)/.test(path))) {
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
