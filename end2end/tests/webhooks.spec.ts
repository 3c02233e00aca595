// Webhooks: made in the personal centre, chosen by a task, delivered, verified by the official libraries, sent again.
import { Webhook } from "standardwebhooks";
import { Receiver, verifyInPython } from "../support/receiver.ts";
import { choose, expect, expectStatus, go, mark, sameDocument, submit, test } from "../support/test.ts";

test.use({ account: "hooking" });
test.describe.configure({ mode: "serial" });

const receiver = new Receiver();
const address = () => `http://127.0.0.1:${process.env.E2E_RECEIVER_PORT}/results`;
let secret = "";

test.beforeAll(() => receiver.start());
test.afterAll(() => receiver.stop());

/** The headers that the library reads. */
const headers = (index: number): Record<string, string> =>
  Object.fromEntries(Object.entries(receiver.received[index].headers).map(([name, value]) => [name, String(value)]));

test("without one, tasks point the way", async ({ page }) => {
  await choose(page, "画图");
  await page.getByRole("link", { name: "暂无配置,请先到个人中心新增 Webhook 配置" }).click();
  await expect(page).toHaveURL(/\/profile\?tab=webhooks$/);
  await expect(page.getByText("暂无 Webhook 配置")).toBeVisible();
});

test("made, its secret shown once, tested", async ({ page }) => {
  await go(page, "/profile?tab=webhooks");
  await page.getByRole("button", { name: "新增 Webhook 配置" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("名称").fill("结果回调");
  await dialog.getByLabel("URL").fill("http://10.0.0.1/");
  await dialog.getByLabel("自定义请求头").fill("X-Token: hidden-value");
  await dialog.getByRole("button", { name: "创建" }).click();
  await expect(dialog.locator("#webhook-url-error")).not.toBeEmpty();
  await dialog.getByLabel("URL").fill(address());
  await dialog.getByRole("button", { name: "创建" }).click();
  secret = await page.locator("[data-secret]").innerText();
  expect(secret).toMatch(/^whsec_/);
  await page.getByRole("button", { name: "我已保存" }).click();
  await expect(page.getByRole("link", { name: "结果回调" })).toBeVisible();
  expect(await page.content()).not.toContain(secret);

  await page.getByRole("button", { name: "发送测试 结果回调" }).click();
  await expect(page.getByText("测试消息已送达")).toBeVisible();
  expect(receiver.received).toHaveLength(1);
  expect(receiver.received[0].headers["x-token"]).toBe("hidden-value");
  const event = new Webhook(secret).verify(receiver.received[0].body, headers(0)) as { type: string };
  expect(event.type).toBe("webhook.test");
});

test("a task that chose it is pushed, signed so that the official libraries agree", async ({ page }) => {
  await choose(page, "画图");
  await page.getByLabel("画面描述").fill("雨 🌧 \"quotes\" \\ 与 / é");
  await page.getByRole("checkbox", { name: "结果回调" }).check();
  const id = await submit(page);
  await expectStatus(page, "succeeded");
  await expect.poll(() => receiver.received.length).toBe(2);
  const { body } = receiver.received[1];
  const event = new Webhook(secret).verify(body, headers(1)) as { type: string; data: { id: number; status: string } };
  expect(event).toMatchObject({ type: "task.succeeded", data: { id, status: "succeeded" } });
  expect(verifyInPython(secret, receiver.received[1])).toEqual(event);
  expect(() => verifyInPython(secret, { ...receiver.received[1], body: `${body} ` })).toThrow(/WebhookVerificationError/);
  // What was changed on the way, or is too old, is refused.
  expect(() => new Webhook(secret).verify(body.replace("succeeded", "Succeeded"), headers(1))).toThrow();
  expect(() => new Webhook(secret).verify(body, { ...headers(1), "webhook-id": "msg_other" })).toThrow();
  expect(() => new Webhook(secret).verify(body, { ...headers(1), "webhook-timestamp": "1600000000" })).toThrow();
  expect(() => new Webhook("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD").verify(body, headers(1))).toThrow();

  // The choice stands in the form that edits a task, and can be taken back.
  const api = await (await page.request.get(`/api/tasks/${id}`)).json();
  expect(api.data.webhook_ids).toHaveLength(1);
});

test("failures are seen live and sent again by hand", async ({ page }) => {
  receiver.status = 503;
  await go(page, "/profile?tab=webhooks");
  await page.getByRole("link", { name: "结果回调" }).click();
  await expect(page.getByRole("heading", { name: "结果回调" })).toBeVisible();
  const rows = page.locator("tr[data-delivery]");
  await expect(rows).toHaveCount(2);
  await mark(page);
  const other = await page.context().newPage();
  await choose(other, "画图");
  await other.getByLabel("画面描述").fill("失败");
  await other.getByRole("checkbox", { name: "结果回调" }).check();
  await submit(other);
  await expect(rows).toHaveCount(3);
  await expect(rows.first()).toContainText("503");
  await sameDocument(page);
  await expect(page.getByText("自此推送一直失败：")).toBeVisible();
  await rows.first().getByRole("link", { name: "任务成功" }).click();
  const card = page.getByTestId("delivery");
  await expect(card.getByTestId("delivery-attempt").first()).toContainText("status=503");
  await card.getByTestId("delivery-attempt").first().getByText("响应").click();
  await expect(card.getByText("no, thank you").first()).toBeVisible();
  receiver.status = 204;
  await card.getByRole("button", { name: "重新推送" }).click();
  await expect(card.getByText("已送达")).toBeVisible({ timeout: 15_000 });
  await expect(rows.first()).toContainText("已送达");
  const last = receiver.received.length - 1;
  new Webhook(secret).verify(receiver.received[last].body, headers(last));
});

test("a new secret, while the old one still works", async ({ page }) => {
  receiver.status = 200;
  await go(page, "/profile?tab=webhooks");
  await page.getByRole("link", { name: "结果回调" }).click();
  await page.getByRole("button", { name: "轮换密钥" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "轮换密钥" }).click();
  const fresh = await page.locator("[data-secret]").innerText();
  expect(fresh).not.toBe(secret);
  await page.getByRole("button", { name: "我已保存" }).click();
  await expect(page.getByText("旧密钥在此之前仍有效：")).toBeVisible();
  await page.getByRole("button", { name: "发送测试" }).click();
  await expect(page.getByText("测试消息已送达")).toBeVisible();
  const last = receiver.received.length - 1;
  for (const either of [secret, fresh]) {
    new Webhook(either).verify(receiver.received[last].body, headers(last));
    verifyInPython(either, receiver.received[last]);
  }
});

test("changed, switched off, deleted", async ({ page }) => {
  await go(page, "/profile?tab=webhooks");
  await page.getByRole("link", { name: "结果回调" }).click();
  await page.getByRole("link", { name: "配置", exact: true }).click();
  await expect(page.getByLabel("自定义请求头")).toHaveValue("X-Token: ••••••");
  await page.getByLabel("名称").fill("改名");
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("heading", { name: "改名" })).toBeVisible();
  await page.getByRole("button", { name: "停用" }).click();
  await expect(page.getByRole("main").getByText("已停用", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "删除" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "删除" }).click();
  await page.waitForURL("**/profile?tab=webhooks");
  await expect(page.getByText("暂无 Webhook 配置")).toBeVisible();
});

test("administrators see everybody's deliveries", async ({ browser }) => {
  const context = await browser.newContext({ baseURL: process.env.E2E_URL, locale: "zh-CN" });
  const { logIn } = await import("../support/test.ts");
  await logIn(context, "operator");
  const page = await context.newPage();
  await go(page, "/admin/webhook-deliveries");
  await expect(page.locator("tr[data-delivery]").first()).toContainText("hooking");
  await page.getByRole("link", { name: "已失败", exact: true }).click();
  await expect(page).toHaveURL(/status=failed/);
  await context.close();
});
