// Dashboard, ledger, recharge: what a user sees of points, and what an administrator does about them.
import { PASSWORD } from "../support/accounts.ts";
import { type Page, choose, expect, expectPoints, expectStatus, go, hydrated, logIn, mark, sameDocument, submit, test, url } from "../support/test.ts";

test.use({ account: "spending" });
test.describe.configure({ mode: "serial" });

/** The figure under a name. */
const figure = (page: Page, name: string) => page.locator(".stat", { has: page.getByText(name, { exact: true }) }).locator(".stat-value");

test("the dashboard counts a task while it is open, in the zone of the browser", async ({ browser, page }) => {
  await go(page, "/dashboard");
  await expect(page.getByRole("heading", { name: "用户仪表盘" })).toBeVisible();
  await expect(figure(page, "当前可用点数")).toHaveText("10,000");
  await expect(figure(page, "区间获取点数")).toHaveText("10,000");
  await expect(page.getByText("暂无数据").first()).toBeVisible();
  await mark(page);

  // Elsewhere a task is submitted.
  const context = await browser.newContext({ baseURL: url(), locale: "zh-CN" });
  await logIn(context, "spending");
  const other = await context.newPage();
  await choose(other, "画图");
  await other.getByLabel("画面描述").fill("一片海");
  await submit(other);
  await expectStatus(other, "succeeded");
  await context.close();

  await expect(figure(page, "区间消耗点数")).toHaveText("10");
  await expect(figure(page, "任务总数")).toHaveText("1");
  await expect(figure(page, "成功率")).toHaveText("100.0%");
  await expect(figure(page, "净变化")).toHaveText("+9,990");
  await expect(page.getByRole("cell", { name: "画图" })).toBeVisible();
  await expect(page.getByRole("img", { name: /点数走势/ })).toBeVisible();
  await sameDocument(page);

  await page.getByRole("link", { name: "今天" }).click();
  await expect(page).toHaveURL(/range=today/);
  await expect(figure(page, "任务总数")).toHaveText("1");
  await page.getByLabel("开始日期").fill("2020-01-01");
  await page.getByLabel("结束日期").fill("2020-01-03");
  await page.getByRole("button", { name: "应用" }).click();
  await expect(page).toHaveURL(/start=2020-01-01&end=2020-01-03/);
  await expect(page.getByText("2020-01-01 至 2020-01-03")).toBeVisible();
  await expect(figure(page, "任务总数")).toHaveText("0");
});

test.describe("in Kathmandu", () => {
  test.use({ timezoneId: "Asia/Kathmandu" });

  test("days begin where the reader is", async ({ page }) => {
    await go(page, "/dashboard?start=2026-01-01&end=2026-01-02");
    await expect(page.getByText("2026-01-01 至 2026-01-02（Asia/Kathmandu）")).toBeVisible();
    // The next page is right from its first byte.
    const html = await (await page.request.get("/dashboard")).text();
    expect(html).toContain("Asia/Kathmandu");
  });
});

test("the ledger: balances, links, filters, file", async ({ page }) => {
  await go(page, "/ledger");
  await expect(page.getByRole("heading", { name: "点数流水" }).first()).toBeVisible();
  const rows = page.locator("tr[data-entry]");
  await expect(rows).toHaveCount(3);
  await expect(rows.first()).toContainText("扣除");
  await expect(rows.last()).toContainText("+10,000");
  await page.getByLabel("类型").selectOption("hold");
  await expect(page).toHaveURL(/kind=hold/);
  await expect(rows).toHaveCount(1);
  const file = page.waitForEvent("download");
  await page.getByRole("link", { name: "导出 CSV" }).click();
  const saved = await (await file).createReadStream();
  let text = "";
  for await (const chunk of saved) text += chunk;
  expect(text.startsWith("\u{feff}id,created_at,kind")).toBe(true);
  expect(text.trim().split("\r\n")).toHaveLength(2);
  await page.getByRole("link", { name: "清除筛选" }).click();
  await expect(rows).toHaveCount(3);
  await rows.first().getByRole("link", { name: /任务 \d+/ }).click();
  await page.waitForURL(/\/tasks\/\d+$/);
  await go(page, "/ledger?q=nonsense");
  await expect(page.getByRole("alert").filter({ hasText: /\S/ }).first()).toBeVisible();
});

test("codes from the administrator's page to the user's balance", async ({ browser, page }) => {
  const context = await browser.newContext({ baseURL: url(), locale: "zh-CN" });
  await logIn(context, "operator", PASSWORD);
  const admin = await context.newPage();
  await go(admin, "/admin/redemption-codes");
  await admin.getByRole("button", { name: "生成兑换码" }).first().click();
  const dialog = admin.getByRole("dialog").first();
  await dialog.getByLabel("每次兑换的点数").fill("50");
  await dialog.getByLabel("数量").fill("2");
  await dialog.getByLabel("备注").fill("新春活动");
  await dialog.getByRole("button", { name: "生成", exact: true }).click();
  const codes = (await admin.locator(".codes-text").inputValue()).split("\n");
  expect(codes).toHaveLength(2);
  await admin.getByRole("button", { name: "我已保存" }).click();
  await expect(admin.locator("tr[data-code]")).toHaveCount(2);
  expect(await admin.content()).not.toContain(codes[0]);

  await go(page, "/recharge");
  await expect(page.getByText("暂无充值说明内容,请联系管理员在后台【系统设置】中配置。")).toBeVisible();
  await mark(page);
  await page.getByLabel("兑换码").fill(codes[0].toLowerCase());
  await page.getByRole("button", { name: "兑换", exact: true }).click();
  await expect(page.getByText("已兑换 50 点")).toBeVisible();
  await expectPoints(page, 10_040, 0);
  await expect(page.getByRole("cell", { name: "新春活动" })).toBeVisible();
  await page.getByLabel("兑换码").fill(codes[0]);
  await page.getByRole("button", { name: "兑换", exact: true }).click();
  await expect(page.getByText("您已经兑换过该兑换码。")).toBeVisible();
  await sameDocument(page);

  // The other one is switched off.
  await admin.reload();
  await hydrated(admin);
  await admin.getByRole("button", { name: /^停用/ }).click();
  await admin.getByRole("dialog").getByRole("button", { name: "停用" }).click();
  await expect(admin.getByText("已停用 1 个兑换码")).toBeVisible();
  await page.getByLabel("兑换码").fill(codes[1]);
  await page.getByRole("button", { name: "兑换", exact: true }).click();
  await expect(page.getByText("兑换码不存在或已停用")).toBeVisible();
  await context.close();
});

test("an administrator takes points back, and the owner is told", async ({ browser, page }) => {
  await go(page, "/recharge");
  await page.getByLabel("提醒值").fill("10000");
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("余额提醒已保存")).toBeVisible();
  await expect(page.locator(".low-balance")).toHaveCount(0);

  const context = await browser.newContext({ baseURL: url(), locale: "zh-CN" });
  await logIn(context, "operator", PASSWORD);
  const admin = await context.newPage();
  await go(admin, "/admin/recharge");
  await admin.getByLabel("用户").fill("spending");
  await admin.getByLabel("操作").selectOption("take");
  await admin.getByRole("spinbutton", { name: "点数" }).fill("100");
  await admin.getByLabel("备注").fill("多充了");
  await admin.getByRole("button", { name: "提交" }).click();
  await expect(admin.getByText("从用户“spending”反向充值 100 点？")).toBeVisible();
  await admin.getByRole("dialog").getByRole("button", { name: "反向充值" }).click();
  await expect(admin.getByText("已反向充值 100 点，可用 9,940 点")).toBeVisible();
  await expect(admin.getByRole("cell", { name: "多充了" })).toBeVisible();
  await admin.getByLabel("用户").fill("nobody-of-that-name");
  await admin.getByRole("spinbutton", { name: "点数" }).fill("1");
  await admin.getByRole("button", { name: "提交" }).click();
  await admin.getByRole("dialog").getByRole("button", { name: "反向充值" }).click();
  await expect(admin.getByText("找不到该内容，或它不属于您。")).toBeVisible();
  await context.close();

  await expect(page.locator(".low-balance")).toContainText("可用点数仅剩 9,940，低于提醒值 10,000。");
  await expectPoints(page, 9940, 0);
  await expect(page.getByRole("cell", { name: "-100" })).toBeVisible();
  await page.getByLabel("提醒值").fill("0");
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.locator(".low-balance")).toHaveCount(0);
});
