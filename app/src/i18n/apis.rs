//! Texts of the page of what programs can call.

texts! {
    /// What programs can call.
    pub struct Apis {
        title: "API 接口", "APIs";
        lead: "以下接口需要登录或提供 X-API-Key(也可用 ?api_key=)。", "These need a session or X-API-Key (or ?api_key=).";
        features: "可用 API({n})", "Features ({n})";
        no_features: "暂无可用 API", "No features yet";
        custom: "自定义接口(/api/*,{n})", "Custom APIs (/api/*, {n})";
        no_custom: "暂无可见自定义接口", "No custom APIs to see";
        no_match: "没有匹配的接口", "Nothing matches";
        search: "搜索接口", "Search APIs";
        list: "接口列表", "List of APIs";
        choose: "请选择左侧 API 查看详情。", "Choose an API on the left to see its details.";
        gone: "该接口不存在或已停用。", "That API does not exist or is switched off.";
        back: "返回接口列表", "Back to the list";
        points: "点数消耗", "Points";
        per_call: "{n} / 次", "{n} per call";
        charged_note: "仅在调用成功时扣除。", "Charged only when the call succeeds.";
        endpoint: "Endpoint", "Endpoint";
        params: "参数(params)", "Parameters (params)";
        no_params: "该 API 未配置表单字段(form_schema)。", "This API has no form fields (form_schema).";
        no_custom_params: "该接口未配置可解析的表单字段(form_schema)。", "This API has no readable form fields (form_schema).";
        column_key: "key", "key";
        column_label: "label", "label";
        column_type: "type", "type";
        column_required: "required", "required";
        column_example: "example", "example";
        yes: "是", "Yes";
        no: "否", "No";
        in_path: "路径", "path";
        in_query: "Query", "query";
        in_body: "请求体", "body";
        sample: "示例调用", "Sample call";
        sample_header: "Header:X-API-Key(建议)", "Header: X-API-Key (recommended)";
        key: "密钥", "Key";
        key_placeholder: "占位符", "Placeholder";
        key_note: "完整密钥仅在创建时显示，示例中以前缀代替。", "The whole key is shown only when it is made; samples show its beginning.";
        try_it: "在线调用", "Try it here";
        try_note: "以当前登录身份真实调用，成功会扣除点数。", "A real call as you. It costs points when it succeeds.";
        send: "发送请求", "Send";
        needs_script: "在线调用需要启用 JavaScript。", "Trying it here needs JavaScript.";
        result: "调用结果", "Result";
        result_status: "状态码", "Status";
        result_time: "耗时", "Time";
        result_points: "消耗点数", "Points";
        result_headers: "响应头", "Headers";
        result_body: "响应体", "Body";
        result_empty: "无内容", "Nothing";
        open_task: "查看任务 {id}", "See task {id}";
        open_log: "查看请求记录", "See the request log";
    }
}
