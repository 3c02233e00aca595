// Administration of custom APIs: make one, call it, switch it off, delete it.
import { PASSWORD } from "../support/accounts.ts";
import { expect, go, logIn, test } from "../support/test.ts";

test("a custom API from its form to its end", async ({ page, context, baseURL }) => {
  await logIn(context, "operator", PASSWORD);
  await go(page, "/admin/custom-apis");
  await page.getByRole("link", { name: "新建接口" }).first().click();
  await page.getByLabel("名称").fill("回声");
  await page.getByLabel("标识").fill("echo");
  await page.getByLabel("路径").fill("/api/tasks/echo");
  await page.getByLabel("规则").selectOption("say");
  await page.getByLabel("平台").selectOption("upstream");
  await page.locator("#api-schema").fill('[{"key": "prompt", "label": "文字", "required": tru');
  await expect(page.getByText(/不是有效的字段数组/)).toBeVisible();
  await page.locator("#api-schema").fill('[{"key": "prompt", "label": "文字", "required": true}]');
  await expect(page.locator(".param-table")).toContainText("文字");
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("Paths under /api/tasks are built in.")).toBeVisible();
  await page.getByLabel("路径").fill("/api/echo");
  await page.getByRole("button", { name: "保存" }).click();
  await page.waitForURL("**/admin/custom-apis");

  const call = () => context.request.post("/api/echo", { data: { prompt: "喂" }, headers: { origin: baseURL! } });
  expect((await call()).status()).toBe(200);
  const row = page.locator("tr", { hasText: "回声" });
  await row.getByRole("button", { name: "停用" }).click();
  await expect(row.getByText("已停用")).toBeVisible();
  expect((await call()).status()).toBe(404);
  await row.getByRole("link", { name: "回声" }).click();
  await expect(page.getByLabel("路径")).toHaveValue("/api/echo");
  await page.goBack();
  await row.getByRole("button", { name: /删除/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "删除" }).click();
  await expect(row).toHaveCount(0);
});
