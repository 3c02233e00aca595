// Every visible string of document 000 on its page, in each of its states: with data, empty, loading, with an error.
// The strings are in support/document.ts; here is how each state comes about. Nothing is made up but slow and failing answers.
import { type APIRequestContext, request as requests } from "@playwright/test";
import { PASSWORD } from "../support/accounts.ts";
import { DOCUMENT, type Section } from "../support/document.ts";
import { Installation } from "../support/processes.ts";
import { expect, go, mark, type Page, sameDocument, test as base, upstream } from "../support/test.ts";

type Cookies = Awaited<ReturnType<APIRequestContext["storageState"]>>["cookies"];

/** A server with its users. */
interface Site {
  url: string;
  /** Of the user whose pages are read. */
  cookies: Cookies;
}

/** Numbers of what the reader has. */
interface Made {
  picture: number;
  broken: number;
  untried: number;
  /** Records of requests by their paths. */
  logs: Record<string, number>;
}

interface Stage {
  /** Nobody has done anything yet: no catalog, no recharge, no text about recharging. */
  fresh: Site;
  /** The reader has done everything once. */
  used: Site & { made: Made };
}

/** Logs somebody in over HTTP. */
async function session(url: string, username: string): Promise<APIRequestContext> {
  const context = await requests.newContext({ baseURL: url, extraHTTPHeaders: { origin: url } });
  const answer = await context.post("/login", { form: { username, password: PASSWORD, next: "/tasks" }, maxRedirects: 0 });
  expect(answer.status(), "log-in").toBe(303);
  return context;
}

/** Calls an endpoint and gives back its data. */
async function call(context: APIRequestContext, method: string, path: string, data?: object): Promise<any> {
  const answer = await context.fetch(path, { method, data });
  const text = await answer.text();
  expect(answer.ok(), `${method} ${path}: ${text}`).toBe(true);
  return JSON.parse(text).data;
}

/** Makes what the reader has: tasks in three states, calls, recharges, and uses of what is deleted by now. */
async function use(reader: APIRequestContext, operator: APIRequestContext): Promise<Made> {
  const user = (await call(operator, "GET", "/api/admin/users?q=reader")).items[0].id;
  await call(operator, "POST", `/api/admin/users/${user}/recharge`, { points: 1000, note: "first recharge" });
  await call(operator, "POST", `/api/admin/users/${user}/recharge`, { points: 9000 });
  await call(operator, "POST", `/api/admin/users/${user}/reverse-recharge`, { points: 100, note: "too much" });
  const { version } = await call(operator, "GET", "/api/admin/settings");
  await call(operator, "PATCH", "/api/admin/settings", { version, settings: { recharge_content: "Pay at the desk on the first floor." } });

  const features = Object.fromEntries((await call(reader, "GET", "/api/features")).map((one: { name: string; ID: number }) => [one.name, one.ID]));
  const submit = async (feature: string, task: object): Promise<number> => (await call(reader, "POST", `/api/features/${features[feature]}/tasks`, task)).id;
  const picture = await submit("Picture", { params: { prompt: "a red boat" }, name: "First picture", headers: { "X-Where": "on the lake" } });
  const broken = await submit("Broken", { params: {} });
  const passing = await submit("Passing", { params: {} });
  // One at a time: the second one waits for the first one, and so it is cancelled before anything was tried.
  const slow = await submit("Slow", { params: { prompt: "waves" } });
  const untried = await submit("Slow", { params: { prompt: "clouds" } });
  await call(reader, "POST", `/api/tasks/${untried}/cancel`);
  const state = async (id: number) => (await call(reader, "GET", `/api/tasks/${id}`)).status;
  await expect.poll(() => Promise.all([picture, broken, passing, slow, untried].map(state)), { timeout: 30_000 }).toEqual(["succeeded", "failed", "succeeded", "succeeded", "cancelled"]);
  await call(operator, "DELETE", `/api/admin/features/${features.Passing}`);

  for (const prompt of ["a loud street", "a wide field", "a quiet lake"]) await call(reader, "POST", "/api/document-say?colour=blue", { prompt });
  const failing = await reader.get("/api/document-passing");
  expect(failing.status()).toBe(502);
  const apis = (await call(reader, "GET", "/api/custom-apis")) as { id: number; name: string }[];
  await call(operator, "DELETE", `/api/admin/custom-apis/${apis.find(({ name }) => name === "Passing call")?.id}`);

  // Records are written in batches.
  const paths = ["/api/document-say", "/api/document-passing", "/api/tasks"];
  await call(reader, "GET", "/api/tasks");
  const logs: Record<string, number> = {};
  await expect
    .poll(async () => {
      const { items } = await call(reader, "GET", "/api/logs?page_size=100");
      // The newest come first.
      for (const { path, id } of (items as { path: string; id: number }[]).reverse()) logs[path] = id;
      return paths.filter((path) => !(path in logs));
    })
    .toEqual([]);
  return { picture, broken, untried, logs };
}

const test = base.extend<{ site: keyof Stage }, { stage: Stage }>({
  site: ["used", { option: true }],

  baseURL: async ({ stage, site }, provide) => provide(stage[site].url),

  context: async ({ context, stage, site }, provide) => {
    await context.addCookies(stage[site].cookies);
    await provide(context);
  },

  page: async ({ page }, provide) => {
    // `innerText` holds what only screen readers get as well: with this sheet, which no policy for content refuses, it does not.
    await page.addInitScript(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(".visually-hidden { display: none !important }");
      document.adoptedStyleSheets = [sheet];
    });
    await provide(page);
  },

  stage: [
    async ({}, provide) => {
      const started: { installation: Installation; server?: Awaited<ReturnType<Installation["serve"]>> }[] = [];
      const prepare = async (catalog?: string) => {
        const installation = new Installation(upstream());
        const one: (typeof started)[number] = { installation };
        started.push(one);
        await installation.user("operator", PASSWORD, 0, "admin");
        await installation.user("reader", PASSWORD, 0);
        if (catalog) await installation.catalog(catalog);
        one.server = await installation.serve();
        return one.server.url;
      };
      const cookies = async (context: APIRequestContext) => (await context.storageState()).cookies;
      try {
        const [fresh, used] = [await prepare(), await prepare("document.yaml")];
        const reader = await session(used, "reader");
        const made = await use(reader, await session(used, "operator"));
        await provide({
          fresh: { url: fresh, cookies: await cookies(await session(fresh, "reader")) },
          used: { url: used, cookies: await cookies(reader), made },
        });
        for (const { installation, server } of started) {
          await server?.process.stop();
          expect(server?.process.output.text).not.toContain("panicked at");
          expect(await installation.run(["doctor"])).not.toContain("BAD");
        }
      } finally {
        // Nothing of it outlives the run, whatever went wrong.
        for (const { installation, server } of started) {
          await server?.process.stop();
          installation.remove();
        }
      }
    },
    { scope: "worker", timeout: 120_000 },
  ],
});

/** Opens a page with the state of a section, or brings the open one into it. */
type Provoke = (page: Page, made: Made) => Promise<void>;

/** The link in the navigation. */
const follow = (page: Page, name: string) => page.locator(".nav").getByRole("link", { name, exact: true }).first().click();

/** How a page is reached by a link from another one, and what it asks the server for. */
interface Way {
  from: (made: Made) => string;
  click: (page: Page, made: Made) => Promise<void>;
  asks: RegExp;
  /** The page as it is once the server has answered. */
  there: (page: Page) => Promise<void>;
}

/** First slow, then failing, then not answering; at last the page is there without having been loaded anew. */
function troubles({ from, click, asks, there }: Way): Record<string, Provoke> {
  const heard = (url: URL) => asks.test(url.pathname);
  let release = () => {};
  const open = async (page: Page, made: Made) => {
    await go(page, from(made));
    await mark(page);
    await click(page, made);
  };
  const again = (page: Page) => page.locator("#main .error-box").getByRole("button", { name: "重试" }).first().click();
  return {
    loading: async (page, made) => {
      const held = new Promise<void>((done) => (release = done));
      await page.route(heard, async (route) => {
        await held;
        await route.continue();
      });
      await open(page, made);
      await expect(page.locator("#main").getByText("加载中...").first()).toBeVisible();
    },
    error: async (page, made) => {
      // What was slow arrives.
      release();
      await there(page);
      await expect(page.locator("#main").getByText("加载中...")).toHaveCount(0);
      await page.unroute(heard);
      const error = { code: "internal", message: "Something went wrong.", request_id: "provoked" };
      await page.route(heard, (route) => route.fulfill({ status: 500, json: error }));
      await open(page, made);
    },
    "no answer": async (page) => {
      await page.unroute(heard);
      await page.route(heard, (route) => route.abort());
      await again(page);
    },
    "trying again": async (page) => {
      await page.unroute(heard);
      await again(page);
      await there(page);
      await expect(page.locator("#main .error-box")).toHaveCount(0);
      await sameDocument(page);
    },
  };
}

/** The way to a page of the navigation. */
const byNavigation = (name: string, asks: RegExp, there: Way["there"]): Way => ({
  from: () => (name === "个人中心" ? "/ledger" : "/profile"),
  click: (page) => follow(page, name),
  asks,
  there,
});

/** Waits for a place in the main part of the page. */
const shows = (selector: string) => (page: Page) => expect(page.locator(`#main ${selector}`).first()).toBeVisible();

const choose = (name: string): Provoke => async (page) => {
  await go(page, "/apis");
  await page.locator(".api-item", { hasText: name }).click();
};

/** How each state of a section comes about, in the order in which they follow each other on one page. `empty` has a page of its own. */
const STATES: Record<string, Record<string, Provoke>> = {
  "APIRequestWeb 用户控制台": { data: (page) => go(page, "/tasks") },
  用户仪表盘: {
    ...troubles(byNavigation("用户仪表盘", /\/_fn\/.*\/dashboard$/, shows(".figures"))),
    data: (page) => go(page, "/dashboard"),
    empty: (page) => go(page, "/dashboard"),
  },
  点数充值: {
    ...troubles(byNavigation("点数充值", /\/_fn\/.*\/recharge_info$/, shows(".recharge-columns"))),
    data: (page) => go(page, "/recharge"),
    empty: (page) => go(page, "/recharge"),
  },
  "API 接口": {
    ...troubles(byNavigation("API 接口", /\/_fn\/.*\/apis$/, shows(".api-list"))),
    data: (page) => go(page, "/apis"),
    "a feature": choose("Picture"),
    "a feature without fields": choose("/api/features/4/tasks"),
    "a custom API": choose("/api/document-say"),
    "a custom API without fields": choose("/api/document-bare"),
    empty: (page) => go(page, "/apis"),
  },
  "API 请求记录": {
    ...troubles(byNavigation("API 请求记录", /\/_fn\/.*\/logs$/, shows(".log-table"))),
    data: (page) => go(page, "/logs"),
    selected: (page) => page.getByTestId("log-row").first().getByRole("checkbox").check(),
    empty: (page) => go(page, "/logs"),
  },
  API请求详情: {
    ...troubles({
      from: () => "/logs?page_size=100",
      click: (page, { logs }) => page.locator(`#main a[href="/logs/${logs["/api/document-say"]}"]`).first().click(),
      asks: /\/_fn\/.*\/log$/,
      there: shows(".log-facts"),
    }),
    data: (page, { logs }) => go(page, `/logs/${logs["/api/document-say"]}`),
    "without anything": (page, { logs }) => go(page, `/logs/${logs["/api/tasks"]}`),
    failed: (page, { logs }) => go(page, `/logs/${logs["/api/document-passing"]}`),
  },
  异步任务列表: {
    ...troubles(byNavigation("异步任务列表", /\/_fn\/.*\/list$/, shows(".task-table"))),
    data: (page) => go(page, "/tasks"),
    selected: (page) => page.getByTestId("task-row").first().getByRole("checkbox").check(),
    empty: (page) => go(page, "/tasks"),
  },
  个人中心: {
    ...troubles(byNavigation("个人中心", /\/_fn\/.*\/profile$/, shows(".card dl"))),
    data: (page) => go(page, "/profile"),
  },
  编辑任务: {
    ...troubles({
      from: ({ broken }) => `/tasks/${broken}`,
      click: (page) => page.locator("#main").getByRole("link", { name: "编辑", exact: true }).click(),
      asks: /\/_fn\/.*\/edit_page$/,
      there: shows("form.task-form"),
    }),
    data: (page, { broken }) => go(page, `/tasks/${broken}/edit`),
  },
  创建任务: {
    ...troubles(byNavigation("创建任务", /\/_fn\/.*\/create_page$/, shows(".feature-card"))),
    data: async (page) => {
      await go(page, "/tasks/new");
      await page.locator(".feature-card", { hasText: "Picture" }).click();
    },
    "without a limit": async (page) => {
      await go(page, "/tasks/new");
      await page.locator(".feature-card", { hasText: "Slow" }).click();
    },
  },
  任务详情: {
    ...troubles({
      from: () => "/tasks",
      click: (page, { picture }) => page.locator(`tr[data-id="${picture}"] .task-name`).click(),
      asks: /\/_fn\/.*\/detail$/,
      there: shows(".headline"),
    }),
    "not tried": (page, { untried }) => go(page, `/tasks/${untried}`),
    failed: (page, { broken }) => go(page, `/tasks/${broken}`),
    data: (page, { picture }) => go(page, `/tasks/${picture}`),
    "loading attempts": async (page) => {
      await page.route(/\/_fn\/.*\/detail$/, () => {});
      await page.locator("#main .pager select").selectOption("20");
    },
  },
};

/** A string of the document as a pattern of one visible line. */
function pattern(text: string): RegExp {
  const expression = (name: string) => {
    if (name.endsWith("_at")) return "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d";
    return name === "duration" ? "\\d[\\d.]* m?s" : "\\d+";
  };
  // Every second part is the name of an expression.
  const parts = text.split(/\{(\w+)\}/).map((part, index) => (index % 2 ? expression(part) : part.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")));
  return new RegExp(`^${parts.join("")}$`);
}

/** The visible lines and cells of a region as people read them. */
async function lines(page: Page, region: string): Promise<string[]> {
  const texts = await page.locator(region).evaluateAll((elements) => elements.map((element) => (element as HTMLElement).innerText));
  return texts.flatMap((text) => text.split(/[\n\t]+/)).map((line) => line.replace(/\s+/g, " ").trim());
}

/** Waits until all strings of a section are visible that belong to a state. */
async function sees(page: Page, { strings }: Section, when: string): Promise<void> {
  const wanted = strings.filter((one) => one.when === when);
  await expect
    .poll(
      async () => {
        const shown: Record<string, string[]> = {};
        for (const { in: region } of wanted) shown[region] ??= await lines(page, region);
        return wanted.filter((one) => !shown[one.in].some((line) => pattern(one.text).test(line))).map((one) => `${one.text} in ${one.in}`);
      },
      { message: `not visible: ${when}` },
    )
    .toEqual([]);
}

test("every state of every string comes about", () => {
  const wanted = DOCUMENT.flatMap(({ heading, strings }) => strings.map(({ when }) => `${heading}: ${when}`));
  const known = Object.entries(STATES).flatMap(([heading, states]) => Object.keys(states).map((when) => `${heading}: ${when}`));
  // After trying again the page is as it is with data.
  expect(known.filter((state) => !state.endsWith(": trying again")).sort()).toEqual([...new Set(wanted)].sort());
});

for (const section of DOCUMENT) {
  const { empty, ...others } = STATES[section.heading] ?? {};

  test(section.heading, async ({ page, stage: { used } }) => {
    test.setTimeout(120_000);
    for (const [when, provoke] of Object.entries(others)) {
      await test.step(when, async () => {
        await provoke(page, used.made);
        await sees(page, section, when);
      });
    }
  });

  if (empty) {
    test.describe("while nothing is there", () => {
      test.use({ site: "fresh" });

      test(section.heading, async ({ page, stage: { used } }) => {
        await empty(page, used.made);
        await sees(page, section, "empty");
      });
    });
  }
}
