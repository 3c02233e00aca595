// Before or without scripts: pages are complete and forms are posted.
import { expect, test } from "../support/test.ts";

test.use({ account: "plain", javaScriptEnabled: false, expected: [/was preloaded using link preload but not used/] });

test("submit a task without scripts", async ({ page }) => {
  await page.goto("/tasks");
  await expect(page.getByRole("heading", { name: "异步任务列表" })).toBeVisible();
  await page.goto("/tasks/new");
  await page.getByRole("link", { name: "画图" }).click();
  await page.getByLabel("画面描述").fill("没有脚本");
  await page.getByRole("button", { name: "提交任务" }).click();
  await page.waitForURL(/\/tasks\/\d+$/);
  await expect
    .poll(async () => {
      await page.reload();
      return page.getByRole("main").locator("[data-status]").first().getAttribute("data-status");
    })
    .toBe("succeeded");
  await expect(page.getByRole("main")).toContainText("没有脚本");

  await page.goto("/tasks?status=succeeded");
  await expect(page.getByText("共 1 条")).toBeVisible();
  await page.getByRole("button", { name: "退出登录" }).first().click();
  await page.waitForURL("**/login**");
});
