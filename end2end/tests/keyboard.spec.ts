// Without a mouse: from the log-in page to a result.
import { PASSWORD } from "../support/accounts.ts";
import { expect, expectStatus, hydrated, type Page, test } from "../support/test.ts";

/** Presses Tab until the focused element is the wanted one. */
async function tabTo(page: Page, wanted: string): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    const found = await page.evaluate((wanted) => {
      const focused = document.activeElement;
      if (!focused || focused === document.body) return false;
      const label = (focused as HTMLInputElement).labels?.[0]?.textContent ?? "";
      const text = `${focused.getAttribute("aria-label") ?? ""} ${label} ${focused.textContent ?? ""}`;
      return text.includes(wanted);
    }, wanted);
    if (found) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the keyboard does not reach ${wanted}`);
}

test("log in, submit and read by keyboard alone", async ({ page }) => {
  await page.goto("/login?next=/tasks/new");
  await hydrated(page);
  await tabTo(page, "用户名");
  await page.keyboard.type("typing");
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/tasks/new");
  await hydrated(page);

  // The first stop leads past the navigation.
  await page.keyboard.press("Tab");
  const skip = page.locator(":focus");
  await expect(skip).toHaveAttribute("href", "#main");
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await tabTo(page, "画图");
  await page.keyboard.press("Enter");
  await page.waitForURL(/feature=/);

  await tabTo(page, "画面描述");
  await page.keyboard.type("键盘");
  // What has the focus can be seen.
  const outline = await page.evaluate(() => {
    const style = getComputedStyle(document.activeElement!);
    return style.outlineStyle !== "none" || style.boxShadow !== "none";
  });
  expect(outline).toBe(true);
  await tabTo(page, "提交任务");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/tasks\/\d+$/);
  await expectStatus(page, "succeeded");

  // A dialog takes the focus and gives it back.
  await page.goto("/profile?tab=keys");
  await hydrated(page);
  await tabTo(page, "新建密钥");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  expect(await page.evaluate(() => !!document.activeElement?.closest("dialog"))).toBe(true);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("新建密钥");
});
