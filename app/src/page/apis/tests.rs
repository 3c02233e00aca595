use super::Api;
use super::sample::{ApiRequest, Place, place, sample_params};
use serde_json::{Value, json};

fn custom(method: &str) -> Api {
    Api::Custom(
        serde_json::from_value(
            json!({"id": 1, "name": "Weather", "description": "", "method": method, "path": "/api/weather/{city}", "points_cost": 2,
            "form_schema": [
                {"key": "city", "required": true, "example": "上海"},
                {"key": "days", "type": "number", "default": 3},
                {"key": "unit", "type": "select", "options": [{"value": "C"}]},
                {"key": "note"},
            ]}),
        )
        .unwrap(),
    )
}

#[test]
fn parameters_go_where_they_belong() {
    let get = custom("GET");
    let params = sample_params(get.fields());
    assert_eq!(Value::Object(params.clone()), json!({"city": "上海", "days": 3, "unit": "C"}));
    assert_eq!(
        ApiRequest::new(&get, params.clone()),
        ApiRequest { address: "/api/weather/%E4%B8%8A%E6%B5%B7?days=3&unit=C".into(), body: None }
    );
    let post = custom("POST");
    let request = ApiRequest::new(&post, params);
    assert_eq!(request, ApiRequest { address: "/api/weather/%E4%B8%8A%E6%B5%B7".into(), body: Some(json!({"days": 3, "unit": "C"})) });
    assert_eq!(["city", "days"].map(|key| place(&get, key)), [Place::Path, Place::Query]);
    assert_eq!(["city", "days"].map(|key| place(&post, key)), [Place::Path, Place::Body]);
}
