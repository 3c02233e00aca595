// The page of what can be called: lists, search, samples, and trying it.
import { expect, expectPoints, go, points, test } from "../support/test.ts";

test.use({ account: "calling" });

test("everything that document 000 prints", async ({ page }) => {
  await go(page, "/apis");
  const main = page.getByRole("main");
  for (const text of ["API 接口", "以下接口需要登录或提供 X-API-Key(也可用 ?api_key=)。", "可用 API(6)", "自定义接口(/api/*,3)", "请选择左侧 API 查看详情。"]) {
    await expect(main.getByText(text, { exact: true }).first()).toBeVisible();
  }
  await page.getByRole("link", { name: "画图" }).click();
  await expect(page).toHaveURL(/\/apis\?feature=\d+$/);
  for (const text of ["点数消耗", "成功后扣 10 点", "Endpoint", "参数(params)", "示例调用", "Header:X-API-Key(建议)"]) {
    await expect(main.getByText(text, { exact: true }).first()).toBeVisible();
  }
  await expect(main.getByText(/^POST \/api\/features\/\d+\/tasks$/).first()).toBeVisible();
  const heads = main.locator(".param-table th");
  await expect(heads).toHaveText(["key", "label", "type", "required", "example"]);
  await expect(main.locator(".param-table tbody tr").first()).toHaveText(/prompt\s*画面描述\s*textarea\s*是\s*雪山/);
  await expect(main.locator(".param-table tbody tr").nth(1)).toContainText("否");

  await page.getByRole("link", { name: "总是失败" }).click();
  await expect(main.getByText("POST /api/refusing").first()).toBeVisible();
  await expect(main.getByText("4 / 次")).toBeVisible();
  await expect(main.getByText("该接口未配置可解析的表单字段(form_schema)。")).toBeVisible();
});

test("search, samples and the chosen key", async ({ page, context, baseURL }) => {
  const made = await context.request.post("/api/keys", { data: { name: "示例", scopes: ["tasks:read", "tasks:write"] }, headers: { origin: baseURL! } });
  const { prefix } = (await made.json()).data.key ?? (await made.json()).data;
  await go(page, "/apis");
  await page.getByRole("searchbox", { name: "搜索接口" }).fill("weather");
  await expect(page.locator(".api-item")).toHaveCount(1);
  await expect(page.getByText("没有匹配的接口")).toBeVisible();
  await page.getByRole("link", { name: "天气" }).click();
  const sample = page.locator(".snippet code");
  await expect(sample).toContainText(`curl -X GET '${baseURL}/api/weather/%E4%B8%8A%E6%B5%B7?days=3'`);
  await expect(sample).toContainText("X-API-Key: 您的密钥");
  await page.getByLabel("密钥", { exact: true }).selectOption({ index: 1 });
  await expect(sample).toContainText(`X-API-Key: ${prefix}`);
  for (const [name, word] of [["Python (httpx)", "import httpx"], ["Node.js (fetch)", "await fetch("], ["PHP", "<?php"], ["Go", "package main"]]) {
    await page.getByRole("button", { name, exact: true }).click();
    await expect(sample).toContainText(word);
  }
});

test("try a custom API and a feature", async ({ page }) => {
  await go(page, "/apis?custom=2");
  const before = await points(page);
  await page.locator("#param-city").fill("");
  await page.getByRole("button", { name: "发送请求" }).click();
  await expect(page.locator("#param-city")).toHaveAttribute("aria-invalid", "true");
  await page.locator("#param-city").fill("北京/东");
  await page.keyboard.press("Enter");
  const result = page.getByTestId("api-result");
  await expect(result).toContainText("200");
  await expect(result).toContainText("北京/东 3");
  await expect(result.locator("dd").nth(2)).toHaveText("2");
  await result.getByText("响应头", { exact: true }).first().click();
  await expect(result).toContainText("x-points-charged: 2");
  await expectPoints(page, before.available - 2, before.held);
  await result.getByRole("link", { name: "查看请求记录" }).click();
  await expect(page).toHaveURL(/\/logs\?call_id=/);
  await expect(page.getByTestId("log-row")).toHaveCount(1);

  await go(page, "/apis?custom=3");
  await page.getByRole("button", { name: "发送请求" }).click();
  await expect(page.getByTestId("api-result")).toContainText("502");
  await expect(page.getByTestId("api-result").locator("dd").nth(2)).toHaveText("0");

  await go(page, "/apis?feature=1");
  await page.getByLabel("画面描述").fill("湖");
  await page.getByRole("button", { name: "发送请求" }).click();
  await expect(page.getByTestId("api-result")).toContainText("201");
  await page.getByRole("link", { name: /查看任务 \d+/ }).click();
  await expect(page).toHaveURL(/\/tasks\/\d+$/);
});
