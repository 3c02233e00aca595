// Two-step verification: switched on, asked for at the next log-in (without scripts as well), switched off.
import { createHmac } from "node:crypto";
import { PASSWORD } from "../support/accounts.ts";
import { expect, go, hydrated, logIn, type Page, test } from "../support/test.ts";

test.describe.configure({ mode: "serial" });

let secret = "";
let recovery: string[] = [];
let used = 0;

/** RFC 6238 for a secret in base32; a code of a step that was not used yet. */
async function code(page: Page): Promise<string> {
  while (Math.floor(Date.now() / 30_000) <= used) await page.waitForTimeout(500);
  used = Math.floor(Date.now() / 30_000);
  const bits = [...secret].map((sign) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(sign).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(used));
  const digest = createHmac("sha1", key).update(counter).digest();
  const at = digest[19] & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

async function first(page: Page): Promise<void> {
  await page.goto("/login?next=%2Fprofile%3Ftab%3Dtwo-step");
  await page.getByLabel("用户名").fill("stepping");
  await page.getByLabel("密码", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "登录" }).click();
  await page.waitForURL("**/login/code?**");
}

test("switched on by scanning and one code", async ({ page, context }) => {
  await logIn(context, "stepping");
  await go(page, "/profile?tab=two-step");
  await expect(page.getByText("未开启")).toBeVisible();
  await page.getByRole("button", { name: "开启两步验证" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("当前密码").fill("not-the-password");
  await dialog.getByRole("button", { name: "下一步" }).click();
  await expect(dialog.getByText("密码不正确。")).toBeVisible();
  await dialog.getByLabel("当前密码").fill(PASSWORD);
  await dialog.getByRole("button", { name: "下一步" }).click();
  await expect(dialog.getByRole("img", { name: "供验证器应用扫描的二维码" }).locator("svg")).toBeVisible();
  secret = await page.locator("[data-secret]").innerText();
  await dialog.getByLabel("6 位验证码").fill("000000");
  await dialog.getByRole("button", { name: "确认开启" }).click();
  await expect(dialog.getByText("验证码不正确或已被使用。")).toBeVisible();
  await dialog.getByLabel("6 位验证码").fill(await code(page));
  await dialog.getByRole("button", { name: "确认开启" }).click();
  await expect(dialog.getByRole("listitem")).toHaveCount(10);
  recovery = await dialog.getByRole("listitem").allInnerTexts();
  await expect(dialog.getByRole("button", { name: "复制全部" })).toBeVisible();
  const [file] = await Promise.all([page.waitForEvent("download"), dialog.getByRole("button", { name: "下载文本文件" }).click()]);
  expect(file.suggestedFilename()).toBe("recovery-codes.txt");
  const text = (await (await file.createReadStream()).toArray()).join("");
  expect(text.trim().split("\n")).toEqual(recovery);
  await dialog.getByRole("button", { name: "我已保存" }).click();
  await expect(page.getByText("已开启")).toBeVisible();
  await expect(page.getByText("剩余恢复码：10 个")).toBeVisible();
});

test("the log-in asks for a code", async ({ page }) => {
  await first(page);
  // Between the steps nothing is open.
  expect((await page.request.get("/api/me")).status()).toBe(401);
  await hydrated(page);
  await page.getByLabel("验证码").fill("000000");
  await page.getByRole("button", { name: "验证并登录" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "验证码不正确或已被使用。" })).toBeVisible();
  await page.getByLabel("验证码").fill(await code(page));
  await page.getByRole("button", { name: "验证并登录" }).click();
  await page.waitForURL("**/profile?tab=two-step");
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false, expected: [/was preloaded using link preload but not used/] });

  test("a recovery code works once", async ({ page }) => {
    await first(page);
    await page.getByLabel("验证码").fill(recovery[0].toUpperCase());
    await page.getByRole("button", { name: "验证并登录" }).click();
    await page.waitForURL("**/profile?tab=two-step");
    await expect(page.getByText("剩余恢复码：9 个")).toBeVisible();
  });
});

test("switched off with the password and a code", async ({ page }) => {
  await first(page);
  await page.getByLabel("验证码").fill(recovery[1]);
  await page.getByRole("button", { name: "验证并登录" }).click();
  await page.waitForURL("**/profile?tab=two-step");
  await hydrated(page);
  await page.getByRole("button", { name: "关闭两步验证" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("当前密码").fill(PASSWORD);
  await dialog.getByLabel("验证码或恢复码").fill(recovery[0]);
  await dialog.getByRole("button", { name: "关闭两步验证" }).click();
  await expect(dialog.getByText("验证码不正确或已被使用。")).toBeVisible();
  await dialog.getByLabel("验证码或恢复码").fill(recovery[2]);
  await dialog.getByRole("button", { name: "关闭两步验证" }).click();
  await expect(page.getByText("两步验证已关闭")).toBeVisible();
  await expect(page.getByText("未开启")).toBeVisible();
});
