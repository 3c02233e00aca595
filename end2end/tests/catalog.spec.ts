// Administration of features, rules and channels: what an administrator sets up here, a task then runs with.
import { expect, expectStatus, go, logIn, type Page, test, upstream } from "../support/test.ts";

test.beforeEach(async ({ context }) => logIn(context, "operator"));

/** Deletes the only entry of a list, by its menu. */
async function remove(page: Page, list: string, name: string): Promise<void> {
  await go(page, `${list}?q=${encodeURIComponent(name)}`);
  await page.getByRole("button", { name: `更多 ${name}` }).click();
  await page.getByRole("button", { name: "删除" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "删除" }).click();
  await expect(page.getByText("没有符合条件的条目")).toBeVisible();
}

test("channel, rule and feature, from nothing to a task", async ({ page }) => {
  // A channel. Its credential goes in and never comes out.
  await go(page, "/admin/channels/new");
  await page.getByLabel("名称").fill("trial-channel");
  await page.getByLabel("平台").fill("trial");
  await page.getByLabel("基础地址").fill("ftp://nothing");
  await page.locator("#channel-credential").fill("s3cret-of-the-trial");
  await page.getByRole("button", { name: "创建" }).click();
  await expect(page.locator("#channel-base-url")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("基础地址").fill(upstream());
  await page.getByRole("button", { name: "创建" }).click();
  await page.waitForURL(/\/admin\/channels\/\d+$/);
  await expect(page.getByText("已保存，不再显示")).toBeVisible();
  await expect(page.locator("#channel-credential")).toHaveValue("");
  expect(await page.content()).not.toContain("s3cret-of-the-trial");
  await page.getByRole("button", { name: "发出请求" }).click();
  await expect(page.getByText(/耗时 \d+ 毫秒/)).toBeVisible();

  // A rule, tried before it is stored.
  await go(page, "/admin/rules/new");
  await page.locator("#rule-name").fill("trial-rule");
  await page.locator("#request-url").fill("{{ channel.base_url }}/v1/generate");
  await page.locator("#request-body").fill('{"kind": "text", "prompt": "{{ params.prompt }}"}');
  await page.locator("#rule-result-path").fill("$.result");
  await page.locator("#dry-channel").selectOption({ label: "trial-channel" });
  await page.locator("#dry-params").fill('{"prompt": "雨"}');
  await page.locator("#dry-answer").selectOption("submit");
  await page.locator("#dry-body").fill('{"result": {"text": "下雨了"}}');
  await page.locator("#dry-results").fill("$.text");
  await page.getByRole("button", { name: "试运行" }).click();
  await expect(page.getByText("任务成功")).toBeVisible();
  await expect(page.getByText('"prompt": "雨"')).toBeVisible();
  await expect(page.getByText("下雨了").first()).toBeVisible();
  // A mistake in a template has a place.
  await page.locator("#request-url").fill("{{ channel.base_url }}/v1/{{ params. }}");
  await page.getByRole("button", { name: "试运行" }).click();
  await expect(page.getByText("第 27 个字符")).toBeVisible();
  await page.locator("#request-url").fill("{{ channel.base_url }}/v1/generate");
  // The same definition as JSON, and back.
  await page.getByRole("button", { name: "JSON", exact: true }).click();
  await expect(page.locator("#rule-json")).toHaveValue(/"result_path": "\$\.result"/);
  await page.getByRole("button", { name: "表单", exact: true }).click();
  await expect(page.locator("#rule-name")).toHaveValue("trial-rule");
  await page.getByRole("button", { name: "创建" }).click();
  await page.waitForURL(/\/admin\/rules\/\d+$/);

  // A feature, whose form is shown as people will get it while it is built.
  await go(page, "/admin/features/new");
  await page.locator("#feature-name").fill("trial-feature");
  await page.locator("#feature-key").fill("trial");
  await page.locator("#feature-platform").fill("trial");
  await page.locator("#feature-rule").selectOption("trial-rule");
  await page.locator("#feature-visibility").selectOption("hidden");
  await page.getByRole("button", { name: "添加字段" }).click();
  await expect(page.locator("#field-0-key")).toBeFocused();
  await page.locator("#field-0-key").fill("prompt");
  await page.locator("#field-0-label").fill("提示词");
  const preview = page.getByRole("complementary", { name: "实时预览" });
  await expect(preview.getByLabel("提示词")).toBeVisible();
  await page.getByRole("button", { name: "添加字段" }).click();
  await page.locator("#field-1-key").fill("style");
  await page.locator("#field-1-type").selectOption("select");
  await page.getByRole("button", { name: "添加选项" }).click();
  await page.getByLabel("值 1", { exact: true }).fill("ink");
  await expect(preview.getByRole("option", { name: "ink" })).toHaveCount(1);
  await page.getByRole("button", { name: "上移 字段 2" }).click();
  await expect(preview.locator("label").first()).toContainText("style");
  await page.locator("#field-0-max_length").fill("-1");
  await page.getByRole("button", { name: "创建" }).click();
  await expect(page.locator("#field-0-max_length")).toHaveAttribute("aria-invalid", "true");
  await page.locator("#field-0-max_length").fill("50");
  await page.getByRole("button", { name: "添加结果字段" }).click();
  await page.getByLabel("JSONPath 1").fill("$.text");
  await page.getByRole("button", { name: "创建" }).click();
  await page.waitForURL(/\/admin\/features\/\d+$/);
  const feature = Number(page.url().split("/").at(-1));

  // It runs, for the administrator who alone can see it.
  await go(page, `/tasks/new?feature=${feature}`);
  await page.getByLabel("提示词").fill("雨");
  await page.getByRole("button", { name: "提交任务" }).click();
  await page.waitForURL(/\/tasks\/\d+$/);
  await expectStatus(page, "succeeded");

  // A rule that is used stays, and says so.
  await go(page, `/admin/rules?q=${encodeURIComponent("trial-rule")}`);
  await page.getByRole("button", { name: "更多 trial-rule" }).click();
  await page.getByRole("button", { name: "删除" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "删除" }).click();
  await expect(page.getByText("The feature `trial` uses it.")).toBeVisible();

  await remove(page, "/admin/features", "trial-feature");
  await remove(page, "/admin/rules", "trial-rule");
  await remove(page, "/admin/channels", "trial-channel");
});

test("two administrators do not overwrite each other unseen", async ({ page, context }) => {
  await go(page, "/admin/channels");
  await page.getByRole("link", { name: "upstream" }).first().click();
  await page.waitForURL(/\/admin\/channels\/\d+$/);
  const second = await context.newPage();
  await go(second, new URL(page.url()).pathname);
  await second.getByLabel("并行上限").fill("65");
  await second.getByRole("button", { name: "保存" }).click();
  await expect(second.getByText("版本 2")).toBeVisible();
  await page.getByLabel("并行上限").fill("66");
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText(/It was changed in the meantime/)).toBeVisible();
  await page.getByRole("button", { name: "重试" }).click();
  await expect(page.getByLabel("并行上限")).toHaveValue("65");
});

test("nobody else gets there", async ({ page, context }) => {
  await context.clearCookies();
  await logIn(context, "reading");
  await page.goto("/admin/features");
  await page.waitForURL("**/profile**");
  await expect(page.getByRole("link", { name: "功能管理" })).toHaveCount(0);
});
