// The administration: users, all tasks, settings, announcements, audit log, overview.
import { PASSWORD } from "../support/accounts.ts";
import { another, choose, expect, expectStatus, go, logIn, submit, test, url } from "../support/test.ts";

test.describe.configure({ mode: "serial" });
test.use({ account: "operator" });

test("who is no administrator is sent away and sees no way in", async ({ browser }) => {
  const page = await another(browser, "administered");
  await page.goto("/admin/users");
  expect(new URL(page.url()).pathname).toBe("/profile");
  await expect(page.getByRole("link", { name: "系统设置" })).toHaveCount(0);
  await page.context().close();
});

test("the overview shows queue, channels and size", async ({ page }) => {
  await go(page, "/tasks");
  await page.getByRole("navigation").getByRole("link", { name: "运行概览" }).first().click();
  await expect(page.getByRole("heading", { name: "运行概览" })).toBeVisible();
  for (const text of ["排队中", "执行中", "等待上游", "等待重试", "提交速率", "调用速率"]) {
    await expect(page.locator(".overview-tiles").getByText(text, { exact: true })).toBeVisible();
  }
  await expect(page.locator("[data-channel]").first()).toBeVisible();
  await expect(page.getByText(/apirequestweb\.db/).first()).toBeVisible();
});

test("the present page is in sight in a navigation that is taller than the screen", async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 420 });
  await go(page, "/admin/webhook-deliveries");
  const here = page.locator(".side .nav-item.is-current");
  await expect(here).toBeInViewport();
  await page.locator(".side a[href='/admin/audit']").click();
  await expect(here).toHaveAttribute("href", "/admin/audit");
  await expect(here).toBeInViewport();
  await go(page, "/dashboard");
  await expect(here).toBeInViewport();
});

test("a user is made, limited, kept out and let in", async ({ page, browser }) => {
  await go(page, "/admin/users");
  await page.getByRole("button", { name: "新建用户" }).click();
  await page.getByRole("dialog").getByLabel("用户名").fill("newcomer");
  await page.getByRole("dialog").getByRole("button", { name: "创建" }).click();
  const password = await page.locator("[data-secret]").innerText();
  expect(password).toHaveLength(16);
  await page.getByRole("button", { name: "我已保存" }).click();
  const context = await browser.newContext({ baseURL: url(), locale: "zh-CN" });
  await logIn(context, "newcomer", password);
  const other = await context.newPage();
  await go(other, "/tasks");

  await page.getByPlaceholder("搜索用户名或编号").fill("newcom");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "newcomer" }).click();
  await expect(page.getByRole("heading", { name: "newcomer" })).toBeVisible();
  await page.getByLabel("最大并发任务数").fill("3");
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("限额已保存")).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("最大并发任务数")).toHaveValue("3");

  await page.locator("html[data-hydrated]").waitFor({ state: "attached" });
  await page.getByRole("button", { name: "停用", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "停用", exact: true }).click();
  await expect(page.getByText("用户已停用", { exact: true })).toBeVisible();
  await other.goto("/tasks");
  expect(new URL(other.url()).pathname).toBe("/login");
  await page.getByRole("button", { name: "启用", exact: true }).click();
  await expect(page.getByText("用户已启用", { exact: true })).toBeVisible();

  await page.getByRole("button", { name: "重置密码" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "重置密码" }).click();
  const fresh = await page.locator("[data-secret]").innerText();
  await page.getByRole("button", { name: "我已保存" }).click();
  await logIn(context, "newcomer", fresh);
  await context.close();
});

test("anybody's task is found and failed, and its points come back", async ({ page, browser }) => {
  const owner = await another(browser, "administered");
  await choose(owner, "长片");
  await owner.getByLabel("视频描述").fill("海浪");
  const id = await submit(owner);
  await expectStatus(owner, "waiting_upstream");

  await go(page, "/admin/tasks?user=administered");
  await expect(page.getByTestId("task-row")).toHaveCount(1);
  await page.getByRole("combobox", { name: "状态" }).selectOption("waiting_upstream");
  await expect(page).toHaveURL(/status=waiting_upstream/);
  await page.getByRole("checkbox", { name: `选择任务 ${id}` }).check();
  await page.getByRole("button", { name: "置为失败" }).click();
  await page.getByRole("dialog").getByLabel("原因").fill("upstream is gone");
  await page.getByRole("dialog").getByRole("button", { name: "置为失败" }).click();
  await expect(page.getByText("已置为失败 1 个任务")).toBeVisible();
  await expectStatus(owner, "failed");
  await expect(owner.getByText("已由管理员终止：upstream is gone").first()).toBeVisible();

  await go(page, `/admin/tasks/${id}`);
  await expect(page.getByRole("link", { name: "administered" })).toBeVisible();
  await expect(page.getByTestId("attempt").first()).toBeVisible();
  await page.getByRole("button", { name: "重新排队" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "重新排队" }).click();
  await expect(page.getByText("已重新排队 1 个任务")).toBeVisible();
  await expectStatus(owner, "waiting_upstream");
  await page.getByRole("button", { name: "取消任务" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "取消任务" }).click();
  await expectStatus(owner, "cancelled");
  await owner.context().close();
});

test("settings count at once, and two administrators do not undo each other's", async ({ page, browser }) => {
  const other = await another(browser, "operator");
  await go(other, "/admin/settings");
  await go(page, "/admin/settings");
  await page.getByLabel("站点名称").fill("Example Works");
  await page.getByLabel("谁可以注册").selectOption("invitation");
  await page.getByRole("button", { name: "保存设置" }).click();
  await expect(page.getByText("设置已保存")).toBeVisible();
  await expect(page.getByRole("button", { name: "保存设置" })).toBeDisabled();
  await other.getByLabel("最小重试间隔（秒）").fill("7");
  await other.getByRole("button", { name: "保存设置" }).click();
  await expect(other.getByText("其他管理员刚刚修改了设置")).toBeVisible();
  await other.getByRole("button", { name: "重新加载" }).click();
  await expect(other.getByLabel("站点名称")).toHaveValue("Example Works");
  await other.getByLabel("允许访问的内网地址").fill("10.0.0.0/8");
  await other.getByRole("button", { name: "保存设置" }).click();
  await expect(other.locator("#outbound-allow-error")).toContainText("10.0.0.0/8");
  await other.context().close();
  await page.reload();
  await expect(page).toHaveTitle(/Example Works/);
});

test("people register by invitation", async ({ page, browser }) => {
  await go(page, "/admin/users?tab=invitations");
  await page.getByRole("button", { name: "新建邀请码" }).first().click();
  await page.getByRole("dialog").getByLabel("备注").fill("for one");
  await page.getByRole("dialog").getByRole("button", { name: "创建" }).click();
  const link = await page.locator("[data-secret]").nth(1).innerText();
  await page.getByRole("button", { name: "我已保存" }).click();
  await expect(page.getByText("for one")).toBeVisible();

  const context = await browser.newContext({ baseURL: url(), locale: "zh-CN" });
  const guest = await context.newPage();
  await guest.goto("/login");
  await guest.getByRole("link", { name: "注册" }).click();
  await expect(guest.getByRole("heading", { name: "注册" })).toBeVisible();
  await guest.goto(link);
  await guest.getByLabel("用户名").fill("invited");
  await guest.getByLabel("密码", { exact: true }).fill(PASSWORD);
  await guest.getByRole("button", { name: "注册并登录" }).click();
  await guest.waitForURL("**/dashboard");
  await guest.context().clearCookies();
  await guest.goto(link);
  await guest.getByLabel("用户名").fill("another");
  await guest.getByLabel("密码", { exact: true }).fill(PASSWORD);
  await guest.getByRole("button", { name: "注册并登录" }).click();
  await expect(guest.getByText("邀请码无效、已用完或已过期。")).toBeVisible();
  await context.close();
});

test("an announcement is read and put away", async ({ page, browser }) => {
  await go(page, "/admin/announcements");
  await page.getByRole("button", { name: "发布公告" }).first().click();
  await page.locator("#announcement-title").fill("Maintenance on Sunday");
  await page.locator("#announcement-body").fill("From 02:00\nto 04:00");
  await page.getByRole("dialog").getByLabel("级别").selectOption("warning");
  await page.getByRole("dialog").getByRole("button", { name: "发布" }).click();
  await expect(page.getByText("公告已发布")).toBeVisible();

  const reader = await another(browser, "administered");
  await go(reader, "/tasks");
  const banner = reader.locator(".announcement");
  await expect(banner).toContainText("Maintenance on Sunday");
  await reader.getByRole("button", { name: "关闭公告“Maintenance on Sunday”" }).click();
  await expect(banner).toBeHidden();
  await go(reader, "/profile");
  await expect(banner).toHaveCount(0);

  await page.getByRole("button", { name: "编辑 Maintenance on Sunday" }).click();
  await page.locator("#announcement-title").fill("Maintenance is over");
  await page.getByRole("dialog").getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("公告已保存")).toBeVisible();
  await go(reader, "/profile");
  await expect(banner).toContainText("Maintenance is over");
  await page.getByRole("button", { name: "删除 Maintenance is over" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "删除" }).click();
  await expect(page.getByText("公告已删除")).toBeVisible();
  await reader.reload();
  await expect(banner).toHaveCount(0);
  await reader.context().close();
});

test("every change is in the audit log", async ({ page }) => {
  await go(page, "/admin/audit");
  await page.getByRole("combobox", { name: "操作" }).selectOption("user");
  await expect(page).toHaveURL(/action=user/);
  const row = page.locator("[data-entry]").filter({ has: page.locator("[data-action='user.update']") }).first();
  await expect(row).toContainText("operator");
  await row.locator("summary").click();
  await expect(row.locator("ins")).toBeVisible();
  const file = page.waitForEvent("download");
  await page.getByRole("link", { name: "导出 CSV" }).click();
  expect((await file).suggestedFilename()).toBe("audit.csv");
  // The name of the site goes back to that of the product.
  const settings = await (await page.request.get("/api/admin/settings")).json();
  const back = await page.request.patch("/api/admin/settings", {
    data: { version: settings.data.version, settings: { site_name: "", registration: "closed" } },
    headers: { origin: url() },
  });
  expect(back.status()).toBe(200);
});
