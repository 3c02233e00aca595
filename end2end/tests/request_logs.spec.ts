// The record of requests: what is in it, filters in the address, one record, deleting, the file.
import { expect, go, test } from "../support/test.ts";

test.use({ account: "logging" });

test("from an empty record to a deleted row", async ({ page, context, baseURL }) => {
  await go(page, "/logs");
  await expect(page.getByRole("heading", { name: "API 请求记录" })).toBeVisible();
  await expect(page.getByText("暂无记录")).toBeVisible();

  const own = { origin: baseURL!, "sec-fetch-site": "same-origin" };
  await context.request.post("/api/say", { data: { prompt: "你好" }, headers: own });
  await context.request.post("/api/say", { data: { prompt: "x", password: "hunter2" }, headers: own });
  await context.request.get("/api/weather/x?days=2", { headers: own });
  await context.request.post("/api/refusing", { data: {}, headers: own });
  await context.request.get("/api/tasks?page_size=5&status=failed");
  await expect.poll(async () => (await (await context.request.get("/api/logs")).json()).data.total).toBe(5);

  await page.reload();
  await expect(page.getByText("共 5 条,当前第 1 / 1 页")).toBeVisible();
  await expect(page.getByText("已选 0 条")).toBeVisible();
  await expect(page.locator(".log-table th")).toHaveText(["", "时间", "规则", "请求", "消耗点数", "状态码", "耗时", "来源IP", "操作"]);
  const rows = page.getByTestId("log-row");
  await expect(rows.first()).toContainText("GET /api/tasks");
  await expect(rows.nth(1)).toContainText("502");
  await expect(rows.nth(4)).toContainText(/say\s*POST \/api\/say\s*3\s*200/);

  // Filters stand in the address.
  await page.getByLabel("状态码").selectOption("4xx");
  await expect(page).toHaveURL(/status=4xx/);
  await expect(rows).toHaveCount(1);
  await rows.first().getByRole("link", { name: "POST /api/say" }).click();
  await expect(page).toHaveURL(/\/logs\/\d+$/);
  for (const label of ["时间:", "规则:", "消耗点数:", "请求:", "状态码:", "耗时:"]) await expect(page.getByText(label, { exact: false }).first()).toBeVisible();
  for (const head of ["Query 参数", "请求体", "响应体", "错误信息"]) await expect(page.getByRole("heading", { name: head })).toBeVisible();
  await expect(page.getByRole("heading", { name: "API请求详情" })).toBeVisible();
  await expect(page.getByRole("main")).toContainText('"password": "***"');
  await expect(page.getByRole("main")).not.toContainText("hunter2");
  await page.goBack();
  await expect(page).toHaveURL(/status=4xx/);
  await page.getByRole("link", { name: "清除筛选" }).click();
  await expect(rows).toHaveCount(5);
  await page.getByLabel("路径").fill("/api/weather/*");
  await page.keyboard.press("Enter");
  await expect(rows).toHaveCount(1);
  await page.getByLabel("来源 IP").fill("10.9.9.9");
  await page.keyboard.press("Enter");
  await expect(page.getByText("没有符合条件的记录")).toBeVisible();

  // The id that an answer carried finds its record, in the address and in the search box.
  const refused = await context.request.get("/api/tasks?page=0");
  const id = refused.headers()["x-request-id"];
  await expect.poll(async () => (await (await context.request.get(`/api/logs?request_id=${id}`)).json()).data.total).toBe(1);
  await go(page, "/logs");
  await page.getByLabel("路径或请求编号").fill(id);
  await page.keyboard.press("Enter");
  await expect(rows).toHaveCount(1);
  await rows.first().getByRole("link", { name: "GET /api/tasks" }).click();
  await expect(page.getByTestId("request-id")).toHaveText(id);
  await page.getByRole("main").getByRole("button", { name: "删除" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "删除" }).click();
  await page.waitForURL(/\/logs$/);

  // The file holds what is filtered.
  await go(page, "/logs?path=/api/say");
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "导出 CSV" }).click()]);
  const text = (await (await file.createReadStream()).toArray()).join("");
  expect(text.startsWith("\uFEFFid,created_at,")).toBe(true);
  expect(text.trim().split("\r\n")).toHaveLength(3);

  // Choose and delete.
  await go(page, "/logs");
  await rows.nth(0).getByRole("checkbox").check();
  await rows.nth(2).getByRole("checkbox").check();
  await expect(page.getByText("已选 2 条")).toBeVisible();
  await page.getByRole("button", { name: "删除", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "删除" }).click();
  await expect(page.getByText("共 3 条,当前第 1 / 1 页")).toBeVisible();
  await expect(page.getByText("已删除 2 条")).toBeVisible();
});

test("by keyboard alone", async ({ page, context, baseURL }) => {
  const total = async () => (await (await context.request.get("/api/logs")).json()).data.total;
  const known = await total();
  await context.request.post("/api/say", { data: { prompt: "键盘" }, headers: { origin: baseURL! } });
  await expect.poll(total).toBe(known + 1);
  await go(page, "/logs");
  const rows = page.getByTestId("log-row");
  const before = await rows.count();
  await rows.first().getByRole("button", { name: /删除记录/ }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByText("已删除 1 条")).toBeVisible();
  await expect(rows).toHaveCount(before - 1);
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false, expected: [/was preloaded using link preload but not used/] });

  test("filters and details are plain", async ({ page, context, baseURL }) => {
    await context.request.post("/api/say", { data: {}, headers: { origin: baseURL! } });
    await expect.poll(async () => (await (await context.request.get("/api/logs?status=4xx")).json()).data.total).toBeGreaterThan(0);
    await page.goto("/logs");
    await page.getByLabel("状态码").selectOption("4xx");
    await page.getByRole("button", { name: "筛选" }).click();
    await expect(page).toHaveURL(/status=4xx/);
    await page.getByRole("link", { name: "POST /api/say" }).first().click();
    await expect(page.getByText("`prompt` is required.").first()).toBeVisible();
  });
});
