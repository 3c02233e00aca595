// A picture of every page: both languages, both themes, wide and narrow. `make screenshots` puts them into end2end/screenshots.
import { PASSWORD } from "../support/accounts.ts";
import { Installation } from "../support/processes.ts";
import { choose, expect, expectStatus, go, hydrated, logIn, submit, test, upstream } from "../support/test.ts";

test.use({ account: "pictures" });
test.setTimeout(600_000);

const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } };

test("every page", async ({ page, context, baseURL }) => {
  const tasks: Record<string, number> = {};
  const make = async (feature: string, label: string, text: string, until: string) => {
    await choose(page, feature);
    await page.getByLabel(label).fill(text);
    await page.locator("#task-name").fill(`${feature}：${text}`);
    tasks[until] = await submit(page);
    await expectStatus(page, until);
  };
  await make("画图", "画面描述", "雪山下的小木屋，黄昏，水彩", "succeeded");
  await make("必定失败", "文字", "你好", "failed");
  await make("长片", "视频描述", "海浪拍打礁石，慢镜头", "waiting_upstream");

  // A webhook whose receiver is the stand-in, and one that is away.
  const hook = async (name: string, kind: string, path: string) => {
    const answer = await page.request.post("/api/webhooks", { data: { name, kind, url: `${upstream()}${path}`, all_tasks: true }, headers: { origin: baseURL! } });
    return (await answer.json()).data.webhook.id as number;
  };
  const webhook = await hook("生产环境回调", "standard", "/hooks/results");
  const robot = await hook("运维群机器人", "feishu", "/hooks/feishu?status=500");
  for (const id of [webhook, robot, webhook]) await page.request.post(`/api/webhooks/${id}/test`, { headers: { origin: baseURL! } });
  const delivery = (await (await page.request.get(`/api/webhooks/${webhook}/deliveries`)).json()).data.items[0].id as number;
  await make("画图", "画面描述", "城市夜景", "succeeded");
  const key = await context.request.get("/api/weather/%E4%B8%8A%E6%B5%B7?days=2", { headers: { "sec-fetch-site": "same-origin" } });
  expect(key.status()).toBe(200);
  await context.request.post("/api/say", { data: { prompt: "你好", password: "x" }, headers: { origin: baseURL! } });
  await context.request.get("/api/tasks?page_size=5");
  await expect.poll(async () => (await (await context.request.get("/api/logs")).json()).data.total).toBeGreaterThanOrEqual(3);
  const log = (await (await context.request.get("/api/logs?path=/api/say")).json()).data.items[0].id;

  const pages: Record<string, string> = {
    tasks: "/tasks",
    "tasks-none": "/tasks?q=nothing",
    "choose-feature": "/tasks/new",
    "new-task": "/tasks/new?feature=6",
    "new-batch": "/tasks/new?feature=1&tab=batch",
    "task-succeeded": `/tasks/${tasks.succeeded}`,
    "task-failed": `/tasks/${tasks.failed}`,
    "task-waiting": `/tasks/${tasks.waiting_upstream}`,
    "task-edit": `/tasks/${tasks.failed}/edit`,
    "apis-none": "/apis",
    "api-feature": "/apis?feature=6",
    "api-custom": "/apis?custom=2",
    logs: "/logs",
    "logs-none": "/logs?status=5xx",
    log: `/logs/${log}`,
    dashboard: "/dashboard",
    ledger: "/ledger",
    recharge: "/recharge",
    account: "/profile",
    keys: "/profile?tab=keys",
    sessions: "/profile?tab=sessions",
    password: "/profile?tab=password",
    "two-step": "/profile?tab=two-step",
    webhooks: "/profile?tab=webhooks",
    webhook: `/webhooks/${webhook}`,
    "webhook-delivery": `/webhooks/${webhook}?delivery=${delivery}`,
    "webhook-settings": `/webhooks/${webhook}?tab=settings`,
    "webhook-verify": `/webhooks/${webhook}?tab=verify`,
    "not-found": "/nowhere",
  };
  for (const lang of ["zh", "en"]) {
    for (const theme of ["light", "dark"]) {
      await context.addCookies([{ name: "lang", value: lang, url: baseURL! }, { name: "theme", value: theme, url: baseURL! }]);
      for (const [size, viewport] of Object.entries(SIZES)) {
        await page.setViewportSize(viewport);
        for (const [name, path] of Object.entries(pages)) {
          await go(page, path);
          await page.screenshot({ path: `screenshots/${name}-${lang}-${theme}-${size}.png`, fullPage: size === "narrow" });
        }
        await page.context().clearCookies({ name: "session" });
        await page.goto("/login");
        await hydrated(page);
        await page.screenshot({ path: `screenshots/login-${lang}-${theme}-${size}.png` });
        await context.request.post("/login", { form: { username: "pictures", password: PASSWORD }, headers: { origin: baseURL! }, maxRedirects: 0 });
      }
    }
  }
});

test("every page of the administration", async ({ page, context, baseURL }) => {
  await context.clearCookies({ name: "session" });
  await logIn(context, "operator");
  const tasks = await (await context.request.get("/api/admin/tasks?page_size=1")).json();
  const pages: Record<string, string> = {
    admin: "/admin",
    "admin-custom-apis": "/admin/custom-apis",
    "admin-custom-api": "/admin/custom-apis/2",
    "admin-custom-api-new": "/admin/custom-apis/new",
    "admin-users": "/admin/users",
    "admin-invitations": "/admin/users?tab=invitations",
    "admin-user": "/admin/users/2",
    "admin-tasks": "/admin/tasks",
    "admin-task": `/admin/tasks/${tasks.data.items[0]?.id ?? 1}`,
    "admin-settings": "/admin/settings",
    "admin-audit": "/admin/audit",
    "admin-deliveries": "/admin/webhook-deliveries",
    "admin-announcements": "/admin/announcements",
    "admin-recharge": "/admin/recharge?user=pictures",
    "admin-redemption-codes": "/admin/redemption-codes",
    "admin-features": "/admin/features",
    "admin-feature": "/admin/features/6",
    "admin-feature-new": "/admin/features/new",
    "admin-rules": "/admin/rules",
    "admin-rule": "/admin/rules/2",
    "admin-rule-new": "/admin/rules/new",
    "admin-channels": "/admin/channels",
    "admin-channel": "/admin/channels/1",
    "admin-channel-new": "/admin/channels/new",
  };
  for (const lang of ["zh", "en"]) {
    for (const theme of ["light", "dark"]) {
      await context.addCookies([{ name: "lang", value: lang, url: baseURL! }, { name: "theme", value: theme, url: baseURL! }]);
      for (const [size, viewport] of Object.entries(SIZES)) {
        await page.setViewportSize(viewport);
        for (const [name, path] of Object.entries(pages)) {
          await go(page, path);
          if (name === "admin-rule" || name === "admin-channel") {
            await page.getByRole("complementary").last().getByRole("button").last().click();
            await page.locator(".report").waitFor();
          }
          await page.screenshot({ path: `screenshots/${name}-${lang}-${theme}-${size}.png`, fullPage: true });
        }
      }
    }
  }
});

test("what people see before they have an account", async ({ page, context }) => {
  const installation = new Installation(upstream());
  const server = await installation.serve();
  await expect.poll(() => server.process.output.text).toMatch(/setup\?token=\S+/);
  const link = server.process.output.text.match(/http:\S+\/setup\?token=\S+/)![0];
  const picture = async (name: string, path: string) => {
    for (const lang of ["zh", "en"]) {
      for (const theme of ["light", "dark"]) {
        await context.addCookies([{ name: "lang", value: lang, url: server.url }, { name: "theme", value: theme, url: server.url }]);
        for (const [size, viewport] of Object.entries(SIZES)) {
          await page.setViewportSize(viewport);
          await go(page, path);
          await page.screenshot({ path: `screenshots/${name}-${lang}-${theme}-${size}.png` });
        }
      }
    }
  };
  await picture("setup", link);
  await picture("setup-without-link", `${server.url}/setup`);
  await installation.user("boss", PASSWORD, 0, "admin");
  await picture("register-closed", `${server.url}/register`);
  await logIn(context, "boss", PASSWORD, server.url);
  await context.request.patch(`${server.url}/api/admin/settings`, { data: { version: 0, settings: { registration: "open" } }, headers: { origin: server.url } });
  await context.clearCookies({ name: "session" });
  await picture("register", `${server.url}/register`);
  await server.process.stop();
  installation.remove();
});
