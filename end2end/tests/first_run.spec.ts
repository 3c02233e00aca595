// A new installation: the printed link makes the administrator, and the first task runs.
import { PASSWORD } from "../support/accounts.ts";
import { Installation } from "../support/processes.ts";
import { choose, expect, expectPoints, expectStatus, go, hydrated, mark, sameDocument, submit, test as base, upstream } from "../support/test.ts";

interface Fresh {
  installation: Installation;
  server: Awaited<ReturnType<Installation["serve"]>>;
}

const test = base.extend<object, { fresh: Fresh }>({
  fresh: [
    async ({}, use) => {
      const installation = new Installation(upstream());
      const server = await installation.serve();
      await use({ installation, server });
      await server.process.stop();
      installation.remove();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ fresh }, use) => use(fresh.server.url),
});

test.describe.configure({ mode: "serial" });

test("from the printed link to the first result", async ({ page, request, fresh: { installation, server } }) => {
  const link = server.process.output.text.match(/http:\S+\/setup\?token=\S+/)?.[0];
  expect(link, "the server prints the set-up link").toBeTruthy();

  // There is nobody who could log in: every page leads to this one.
  await page.goto("/tasks");
  expect(new URL(page.url()).pathname).toBe("/setup");

  await go(page, link!);
  await page.getByLabel("用户名").fill("boss");
  await page.getByLabel("密码", { exact: true }).fill("short");
  await page.getByRole("button", { name: "创建管理员并登录" }).click();
  await expect(page.getByRole("alert").filter({ hasText: /\S/ })).toBeVisible();
  await hydrated(page);
  await page.getByLabel("用户名").fill("boss");
  await page.getByLabel("密码", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "创建管理员并登录" }).click();
  await page.waitForURL("**/dashboard");
  await hydrated(page);
  await expect(page.getByText("欢迎, boss")).toBeVisible();
  await expect(page.getByRole("heading", { name: "用户仪表盘" })).toBeVisible();
  await page.getByRole("link", { name: "异步任务列表" }).first().click();
  await expect(page.getByText("暂无任务")).toBeVisible();

  // The operator's part, beside the running server.
  await installation.catalog();
  await installation.run(["points", "recharge", "--user", "boss", "--points", "100"]);

  // A key, shown once.
  await go(page, "/profile?tab=keys");
  await page.getByRole("button", { name: "新建密钥" }).first().click();
  const dialog = page.getByRole("dialog", { name: "新建密钥" });
  await dialog.getByLabel("名称").fill("first");
  await dialog.getByRole("button", { name: "创建密钥" }).click();
  const secret = await page.locator("[data-secret]").innerText();
  expect(secret.length).toBeGreaterThan(32);
  await page.getByRole("button", { name: "我已保存" }).click();
  await expect(page.getByRole("row", { name: /first/ })).toBeVisible();
  expect(await page.content()).not.toContain(secret);
  const answer = await request.get(`${server.url}/api/features`, { headers: { "x-api-key": secret } });
  expect(answer.status()).toBe(200);
  expect((await answer.json()).data.map((feature: { name: string }) => feature.name)).toContain("画图");

  // The first task, live to its end.
  await choose(page, "画图");
  await expectPoints(page, 100, 0);
  await page.getByLabel("画面描述").fill("雪山下的小木屋");
  await submit(page);
  await mark(page);
  await expectStatus(page, "succeeded");
  await expect(page.getByRole("main")).toContainText(`${upstream()}/files/`);
  await expectPoints(page, 90, 0);
  await sameDocument(page);
});

test("the link works once", async ({ page, fresh: { server } }) => {
  const link = server.process.output.text.match(/http:\S+\/setup\?token=\S+/)?.[0];
  await page.goto(link!);
  expect(new URL(page.url()).pathname).toBe("/login");
  const token = new URL(link!).searchParams.get("token")!;
  const answer = await page.request.post(`${server.url}/setup`, {
    form: { token, username: "other", password: PASSWORD },
    headers: { origin: server.url },
    maxRedirects: 0,
  });
  expect(answer.headers().location).toContain("error=already_set_up");
});
