// Upstreams that fail: once, then well; always, then the points are back.
import { choose, expect, expectPoints, expectStatus, mark, sameDocument, submit, test } from "../support/test.ts";
import { POINTS } from "../support/accounts.ts";

test.use({ account: "failing" });
test.describe.configure({ mode: "serial" });

test("one retry, then success: paid once", async ({ page }) => {
  await choose(page, "不稳定");
  await page.getByLabel("文字").fill("你好");
  const id = await submit(page);
  await mark(page);
  await expectStatus(page, "retry_wait");
  await expectPoints(page, POINTS - 5, 5);
  await expectStatus(page, "succeeded");
  await expectPoints(page, POINTS - 5, 0);
  const attempts = await (await page.request.get(`/api/tasks/${id}/attempts`)).json();
  expect(attempts.data.items.map((attempt: { status_code: number }) => attempt.status_code).sort()).toEqual([200, 503]);
  await expect(page.getByRole("main").getByText("503").first()).toBeVisible();
  await sameDocument(page);
});

test("retries, failure, points back", async ({ page }) => {
  await choose(page, "必定失败");
  await page.getByLabel("文字").fill("你好");
  const id = await submit(page);
  await mark(page);
  await expectPoints(page, POINTS - 5 - 8, 8);
  await expectStatus(page, "failed");
  await expectPoints(page, POINTS - 5, 0);
  await expect(page.getByRole("main").getByText("failing as asked (500)").first()).toBeVisible();
  const task = (await (await page.request.get(`/api/tasks/${id}`)).json()).data;
  expect(task).toMatchObject({ status: "failed", retry_count: 2, max_retries: 2 });
  await sameDocument(page);

  // Again by hand: a new run with a hold of its own, which comes back as well.
  await page.getByRole("main").getByRole("button", { name: "重试任务" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "重试任务" }).click();
  await expectStatus(page, "queued", "running", "retry_wait");
  await expectStatus(page, "failed");
  await expectPoints(page, POINTS - 5, 0);
});

test("too few points: refused before anything is written", async ({ page, request }) => {
  const before = (await (await page.request.get("/api/tasks")).json()).data.total;
  await choose(page, "长片");
  await page.getByLabel("视频描述").fill("海浪");
  // More than the account has: the price of each of many at once, through the API with this browser's session.
  const features = (await (await page.request.get("/api/features")).json()).data;
  const film = features.find((feature: { name: string }) => feature.name === "长片");
  const origin = new URL(page.url()).origin;
  const answer = await page.request.post(film.endpoint, { data: { params: { prompt: "x" }, max_retries: 99 }, headers: { origin } });
  expect(answer.status()).toBe(422);
  expect((await answer.json()).code).toBe("too_many_retries");
  const foreign = await request.post(film.endpoint, { data: { params: { prompt: "x" } } });
  expect(foreign.status()).toBe(401);
  expect((await (await page.request.get("/api/tasks")).json()).data.total).toBe(before);
});
