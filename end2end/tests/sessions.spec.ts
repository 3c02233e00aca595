// Coming and going: wrong passwords, log-out, revoking another browser, a new password.
import { ACCOUNTS, PASSWORD } from "../support/accounts.ts";
import { another, expect, go, hydrated, logIn, type Page, test } from "../support/test.ts";

test.describe.configure({ mode: "serial" });

async function logInByForm(page: Page, username: string, password: string): Promise<void> {
  await page.getByLabel("用户名").fill(username);
  await page.getByLabel("密码", { exact: true }).fill(password);
  await page.getByRole("button", { name: "登录" }).click();
}

test("log in by the form, come back to where one wanted to go, log out", async ({ page }) => {
  await page.goto("/profile?tab=sessions");
  await hydrated(page);
  expect(new URL(page.url()).pathname).toBe("/login");
  await logInByForm(page, "leaving", "not-the-password");
  await expect(page).toHaveURL(/error=wrong_credentials/);
  await expect(page.getByRole("alert").filter({ hasText: /\S/ })).toBeVisible();
  await hydrated(page);
  await logInByForm(page, "leaving", PASSWORD);
  await page.waitForURL("**/profile?tab=sessions");
  await hydrated(page);
  await page.getByRole("button", { name: "退出登录" }).first().click();
  await page.waitForURL("**/login**");
  await page.goto("/tasks");
  expect(new URL(page.url()).pathname).toBe("/login");
});

test("revoke another browser", async ({ page, context, browser }) => {
  await logIn(context, "leaving");
  const other = await another(browser, "leaving");
  await go(other, "/tasks");
  await go(page, "/profile?tab=sessions");
  await page.getByRole("button", { name: /^吊销 / }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "吊销" }).click();
  await expect(page.getByText("会话已吊销")).toBeVisible();
  await expect(page.getByRole("button", { name: /^吊销 / })).toHaveCount(0);
  await other.goto("/tasks");
  expect(new URL(other.url()).pathname).toBe("/login");
  await other.context().close();
});

test("a new password ends the other sessions", async ({ page, context, browser }) => {
  const secret = "another-good-secret";
  expect(ACCOUNTS).toContain("leaving");
  await logIn(context, "leaving");
  const other = await another(browser, "leaving");
  await go(page, "/profile?tab=password");
  await page.getByLabel("当前密码").fill(PASSWORD);
  await page.getByLabel("新密码", { exact: true }).fill(secret);
  await page.getByLabel("再次输入新密码").fill(secret);
  await page.getByRole("main").getByRole("button", { name: "修改密码" }).click();
  await expect(page.getByText("密码已修改，其他会话已退出登录")).toBeVisible();
  await other.goto("/tasks");
  expect(new URL(other.url()).pathname).toBe("/login");
  await go(page, "/tasks");
  expect(new URL(page.url()).pathname).toBe("/tasks");
  await other.context().close();
  const fresh = await browser.newContext();
  await logIn(fresh, "leaving", secret);
  await fresh.close();
});

test("a key is revoked", async ({ page, context, request }) => {
  await logIn(context, "keys");
  await go(page, "/profile?tab=keys");
  await page.getByRole("button", { name: "新建密钥" }).first().click();
  await page.getByRole("dialog").getByLabel("名称").fill("short-lived");
  await page.getByRole("dialog").getByRole("button", { name: "创建密钥" }).click();
  const secret = await page.locator("[data-secret]").innerText();
  await page.getByRole("button", { name: "我已保存" }).click();
  const call = async (headers: Record<string, string>, query = "") => (await request.get(`/api/me${query}`, { headers })).status();
  expect(await call({ "x-api-key": secret })).toBe(200);
  expect(await call({ authorization: `Bearer ${secret}` })).toBe(200);
  // The form leaves keys in addresses switched off.
  expect(await call({}, `?api_key=${secret}`)).toBe(403);
  await page.getByRole("button", { name: "吊销 short-lived" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "吊销" }).click();
  await expect(page.getByText("密钥已吊销")).toBeVisible();
  expect(await call({ "x-api-key": secret })).toBe(401);
});
