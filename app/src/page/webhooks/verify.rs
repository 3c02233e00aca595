//! How a receiver verifies messages.

use crate::i18n::use_strings;
use crate::ui::*;
use leptos::prelude::*;

const NODE: &str = r#"// npm install standardwebhooks express
import express from "express";
import { Webhook } from "standardwebhooks";

const webhook = new Webhook(process.env.WEBHOOK_SECRET); // whsec_…
const app = express();

app.post("/webhooks", express.raw({ type: "application/json" }), (request, response) => {
  try {
    const event = webhook.verify(request.body.toString(), request.headers);
    console.log(event.type, event.data);
    response.sendStatus(204);
  } catch {
    response.sendStatus(401);
  }
});
app.listen(8080);
"#;

const PYTHON: &str = r#"# pip install standardwebhooks fastapi uvicorn
import os
from fastapi import FastAPI, HTTPException, Request
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

webhook = Webhook(os.environ["WEBHOOK_SECRET"])  # whsec_…
app = FastAPI()

@app.post("/webhooks", status_code=204)
async def receive(request: Request):
    try:
        event = webhook.verify(await request.body(), dict(request.headers))
    except WebhookVerificationError:
        raise HTTPException(status_code=401)
    print(event["type"], event["data"])
"#;

/// Code for two languages.
#[component]
pub fn Verify() -> impl IntoView {
    let t = use_strings();
    view! {
        <section class="section">
            <p class="muted">{t.webhooks().verify_text}</p>
            <CodeBlock text=NODE.to_owned() title="Node"/>
            <CodeBlock text=PYTHON.to_owned() title="Python"/>
        </section>
    }
    .into_any()
}
