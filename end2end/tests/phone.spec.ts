// A phone, 390 pixels wide: nothing is cut off, and a task can be submitted and followed.
import { ADMIN_PAGES, fits, USER_PAGES } from "../support/pages.ts";
import { choose, expect, expectStatus, go, logIn, submit, test } from "../support/test.ts";

test.use({ account: "phoning", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

test("submit and follow a task", async ({ page }) => {
  await choose(page, "画图");
  await fits(page);
  await page.getByLabel("画面描述").fill("一片很长很长的风景".repeat(12));
  await page.locator("#task-name").fill("手机上提交的一个名字很长很长很长很长很长很长的任务");
  const id = await submit(page);
  await expectStatus(page, "succeeded");
  await fits(page);
  await go(page, "/tasks");
  await fits(page);
  await expect(page.getByRole("link", { name: /手机上提交/ }).first()).toBeVisible();
  await go(page, `/tasks/new?from=${id}`);
  await expect(page.getByLabel("画面描述")).toHaveValue(/风景/);
  await fits(page);
});

test("every page fits, and the navigation opens", async ({ page }) => {
  for (const path of USER_PAGES) {
    await go(page, path);
    await fits(page);
  }
  await go(page, "/profile?tab=keys");
  await page.locator("summary").first().tap();
  const navigation = page.getByRole("navigation").filter({ has: page.getByRole("link", { name: "异步任务列表" }) });
  await expect(navigation.first()).toBeVisible();
  await fits(page);
  await navigation.getByRole("link", { name: "异步任务列表" }).first().tap();
  await page.waitForURL("**/tasks");
});

test("every page of the administration fits", async ({ page, context }) => {
  await context.clearCookies({ name: "session" });
  await logIn(context, "operator");
  for (const path of ADMIN_PAGES) {
    await go(page, path);
    await fits(page);
  }
});
