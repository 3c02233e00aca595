//! Volcengine's signatures, version 4 ("签名方法", volcengine.com/docs/6369/67269): a digest of the request, signed with a key that is derived
//! from the secret key, the day, the region and the service.

use super::{hmac, set};
use crate::accounts::hex;
use crate::http_client::OutboundRequest;
use model::time::Timestamp;
use sha2::{Digest, Sha256};
use url::Url;

const REGION: &str = "cn-north-1";
const SERVICE: &str = "cv";
const SIGNED: &str = "content-type;host;x-content-sha256;x-date";

pub(super) fn sign(request: &mut OutboundRequest, (access, secret): (&str, &str), now: Timestamp) -> Result<(), String> {
    let url = Url::parse(&request.url).map_err(|_| "The address of the request cannot be read.".to_owned())?;
    let host = match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (host, _) => host.unwrap_or_default().to_owned(),
    };
    let at = jiff::Timestamp::from_millisecond(now.0).map_err(|_| "The clock cannot be read.".to_owned())?;
    let date = at.strftime("%Y%m%dT%H%M%SZ").to_string();
    let day = &date[..8];
    let body = hex(&Sha256::digest(&request.body));
    let mut query: Vec<&str> = url.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()).collect();
    query.sort_unstable();
    let content_type = request.headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("application/json");
    let content_type = content_type.to_owned();
    let headers = format!("content-type:{content_type}\nhost:{host}\nx-content-sha256:{body}\nx-date:{date}\n");
    let canonical = format!("{}\n{}\n{}\n{headers}\n{SIGNED}\n{body}", request.method, url.path(), query.join("&"));
    let scope = format!("{day}/{REGION}/{SERVICE}/request");
    let to_sign = format!("HMAC-SHA256\n{date}\n{scope}\n{}", hex(&Sha256::digest(canonical.as_bytes())));
    let key = [day, REGION, SERVICE, "request"].iter().fold(secret.as_bytes().to_vec(), |key, part| hmac(&key, part.as_bytes()));
    let signature = hex(&hmac(&key, to_sign.as_bytes()));
    set(request, "content-type", &content_type)?;
    set(request, "x-date", &date)?;
    set(request, "x-content-sha256", &body)?;
    set(request, "authorization", &format!("HMAC-SHA256 Credential={access}/{scope}, SignedHeaders={SIGNED}, Signature={signature}"))
}
