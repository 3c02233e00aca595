//! Texts of the pages of tasks.

texts! {
    /// The list of tasks and what can be done with tasks.
    pub struct Tasks {
        list_title: "异步任务列表", "Asynchronous tasks";
        list_lead: "提交后自动排队、调用上游并重试，状态实时更新。", "Submitted work is queued, run and retried by itself. States update live.";
        selected: "已选: {n}", "Selected: {n}";
        clear_selection: "取消选择", "Clear selection";
        select_all: "选择本页全部任务", "Select all tasks of this page";
        select_one: "选择任务 {id}", "Select task {id}";
        column_seq: "序号", "No.";
        column_id: "任务 ID", "Task ID";
        column_name: "名称", "Name";
        column_category: "分类", "Category";
        column_feature: "功能名称", "Feature";
        column_status: "状态", "Status";
        column_retries: "重试次数", "Retries";
        column_duration: "运行时间", "Run time";
        column_points: "点数", "Points";
        column_priority: "优先级", "Priority";
        columns: "显示列", "Columns";
        search: "搜索名称或任务 ID", "Search by name or task ID";
        search_hint: "按 / 聚焦搜索", "Press / to search";
        filters: "筛选条件", "Filters";
        any_status: "全部状态", "Any status";
        any_feature: "全部功能", "Any feature";
        any_category: "全部分类", "Any category";
        any_time: "全部时间", "Any time";
        time: "创建时间范围", "Created within";
        last_hour: "近 1 小时", "Last hour";
        last_day: "近 24 小时", "Last 24 hours";
        last_week: "近 7 天", "Last 7 days";
        last_month: "近 30 天", "Last 30 days";
        custom_time: "自定义时间", "Custom range";
        time_start: "开始时间", "From";
        time_end: "结束时间", "Until";
        fresh: "有 {n} 个新任务，点击刷新", "{n} new tasks, click to refresh";
        empty: "暂无任务", "No tasks yet";
        empty_text: "提交第一个任务，它的运行与结果会实时显示在这里。", "Submit the first one: its runs and results show up here live.";
        empty_filtered: "没有符合条件的任务", "No task matches";
        empty_filtered_text: "试试放宽筛选条件，或清除全部筛选。", "Try fewer filters, or clear them all.";
        export: "导出 CSV", "Export CSV";
        exported: "已导出 {n} 条", "{n} tasks exported";

        detail: "详情", "Details";
        duplicate: "再次提交", "Submit again";
        row_menu: "任务 {id} 的操作", "Actions of task {id}";
        cancel: "取消任务", "Cancel task";
        retry: "重试任务", "Retry task";
        delete: "删除任务", "Delete task";
        ask_cancel: "将取消 {n} 个任务，为其冻结的点数会退回账户。", "{n} tasks will be cancelled. Points held for them go back to your account.";
        ask_retry: "将重新运行 {n} 个任务，并按当前价格重新冻结点数。", "{n} tasks will run again. Points are held anew at the present price.";
        ask_delete: "将删除 {n} 个任务，删除后无法恢复。", "{n} tasks will be deleted. This cannot be undone.";
        ask_skipped: "另有 {n} 个任务的当前状态不支持此操作，将跳过。", "{n} more are in a state that does not allow it and are left alone.";
        done_cancel: "任务已取消", "Task cancelled";
        done_retry: "任务已重新排队", "Task queued again";
        done_delete: "任务已删除", "Task deleted";
        done_all: "已处理 {n} 个任务", "{n} tasks done";
        done_some: "成功 {ok} 个，失败 {bad} 个", "{ok} done, {bad} failed";
        batch_result: "批量操作结果", "Result of the batch";
        unlimited: "不限", "Unlimited";
        urgent: "加急", "Urgent";
        normal: "普通", "Normal";
        progress: "进度", "Progress";
    }
}

texts! {
    /// One task.
    pub struct TaskDetail {
        title: "任务详情", "Task details";
        id: "任务 ID", "Task ID";
        public_id: "公开编号", "Public ID";
        duration: "运行时间", "Run time";
        retries: "重试次数", "Retries";
        retries_of: "{n} / {most}", "{n} of {most}";
        feature: "所属功能", "Feature";
        facts: "任务信息", "Facts";
        results: "结果字段", "Results";
        no_results: "该功能未配置结果字段", "This feature defines no result fields";
        results_pending: "任务成功后显示", "Shown once the task has succeeded";
        no_value: "未找到", "Not found in the response";
        open_link: "打开链接", "Open link";
        media_note: "外部媒体不会自动加载", "Media of other hosts are never loaded by themselves";
        payload: "请求参数", "Payload";
        headers: "请求头", "Headers";
        no_headers: "未设置请求头", "No extra headers";
        response: "响应", "Response";
        no_response: "尚无响应", "No response yet";
        error: "错误信息", "Error";
        no_error: "无错误信息", "No error";
        attempts: "尝试记录", "Attempts";
        attempts_page: "第 {x} 页 / 共 {y} 页({n} 条)", "Page {x} of {y} ({n} in all)";
        attempt_ok: "成功", "OK";
        attempt_failed: "失败", "Failed";
        went_on: "改用其他渠道：", "Went on with another channel:";
        took: "耗时 {t}", "took {t}";
        waited: "等待 {t} 后重试", "waited {t}";
        submitted: "已提交", "Submitted";
        finished: "已结束", "Ended";
        now_queued: "排队中，等待空闲的执行槽位", "Queued, waiting for a free slot";
        now_running: "正在调用上游", "Calling the upstream";
        now_upstream: "上游已接收，等待其完成", "Accepted by the upstream, waiting for it to finish";
        now_retry: "等待下一次尝试", "Waiting for the next attempt";
        next_in: "{t}后开始", "starts in {t}";
        next_check: "{t}后查询进度", "next check in {t}";
        next_soon: "即将开始", "starting now";
        created: "创建时间", "Created";
        started: "开始时间", "Started";
        ended: "结束时间", "Ended";
        interval: "重试间隔", "Interval";
        seconds: "{n} 秒", "{n} s";
        api: "通过 API 查询", "Read by API";
    }
}

texts! {
    /// The forms that create and edit tasks.
    pub struct TaskForm {
        create_title: "创建任务", "Create task";
        edit_title: "编辑任务", "Edit task";
        edit_note: "保存后对下次运行/重试生效。", "Changes take effect at the next run or retry.";
        not_editable: "任务当前为“{status}”，不能编辑。", "The task is “{status}” and cannot be edited now.";
        not_editable_text: "排队中、等待重试、失败或已取消的任务可以编辑。", "Queued, waiting, failed and cancelled tasks can be edited.";
        back_to_task: "返回任务", "Back to the task";
        search_features: "搜索功能", "Search features";
        no_match: "没有匹配的功能", "No feature matches";
        no_features: "暂无可用功能", "No features yet";
        no_features_text: "请联系管理员，或在服务器上导入功能目录。", "Ask the administrator, or apply a catalog on the server.";
        uncategorised: "其他", "Other";
        change_feature: "更换功能", "Change feature";
        feature_gone: "该功能不存在或已停用，请重新选择。", "That feature does not exist or is switched off. Please choose another.";
        feature_description: "功能说明", "About this feature";
        no_description: "暂无说明", "No description";
        billing_hint: "点数消耗提示", "Price";
        free: "免费", "Free";
        per_success: "{n} 点 / 次成功", "Points per success: {n}";
        per_submission: "{n} 点 / 次提交", "Points per submission: {n}";
        per_success_note: "提交时冻结，成功后扣除，失败或取消则全额退回。", "Held on submission, charged on success, given back on failure or cancellation.";
        per_submission_note: "上游接收后扣除，若从未发出则退回。", "Charged once an upstream has accepted it, given back if nothing was ever sent.";
        balance_after: "提交后可用点数", "Available afterwards";
        not_enough: "可用点数不足", "Not enough points";
        single: "单个任务", "One task";
        params: "参数", "Parameters";
        no_params: "该 API 未配置表单字段(form_schema)。", "This feature has no form fields (form_schema).";
        about: "任务信息", "Name and category";
        name: "名称", "Name";
        name_hint: "便于识别，可留空", "Helps you find it; may stay empty";
        category: "分类", "Category";
        category_hint: "默认：{category}", "Default: {category}";
        settings: "运行设置", "How it runs";
        max_retries: "最大重试次数", "Retries at most";
        retry_limit: "后台限制最大重试次数:{n}", "The administrator allows {n} retries at most";
        retry_unlimited: "后台限制:无限制(允许设置 -1)", "The administrator sets no limit (-1 is allowed)";
        default_value: "默认 {n}", "Default {n}";
        interval: "重试间隔（秒）", "Interval in seconds";
        interval_note: "优先级:任务设置 > 功能设置 > 规则设置 > 全局默认;且不能小于最小值(默认 5 秒)", "Precedence: task > feature > rule > global default; never below the minimum (5 seconds by default)";
        priority: "优先级", "Priority";
        priority_note: "加急任务按 4:1 优先于普通任务。", "Urgent tasks go before normal ones, 4:1.";
        headers: "请求头", "Headers";
        headers_note: "附加到上游请求；与规则同名时以规则为准。", "Added to the upstream call. Those of the rule win.";
        header_name: "名称", "Name";
        header_value: "值", "Value";
        add_header: "添加请求头", "Add header";
        remove_header: "移除该请求头", "Remove this header";
        webhooks: "Webhook 推送", "Webhooks";
        webhooks_note: "可多选。任务成功后将推送到所选渠道。", "Choose any number. A task that succeeds is pushed to each of them.";
        no_webhooks: "暂无配置,请先到个人中心新增 Webhook 配置", "None yet. Add a webhook in the personal centre first";
        submit: "提交任务", "Submit task";
        submitted: "任务已提交", "Task submitted";
        saved: "已保存", "Saved";
        save: "保存", "Save";
        keep: "不设置", "Not set";
        yes: "是 (true)", "Yes (true)";
        no: "否 (false)", "No (false)";
        choose: "请选择", "Choose…";
        example: "例如 {text}", "For example {text}";
        api_call: "查看 API 调用", "Show the API call";
        api_call_title: "等效的 API 调用", "The same by API";
        fix_errors: "请先修正标出的字段", "Please correct the marked fields";

        need: "请填写“{label}”", "“{label}” is required";
        need_number: "请输入数字", "Enter a number";
        need_integer: "请输入整数", "Enter a whole number";
        at_least: "不小于 {min}", "at least {min}";
        at_most: "不大于 {max}", "at most {max}";
        between: "{min} 到 {max} 之间", "from {min} to {max}";
        length_at_least: "至少 {min} 个字符", "at least {min} characters";
        length_at_most: "最多 {max} 个字符", "at most {max} characters";
        length_between: "{min} 到 {max} 个字符", "{min} to {max} characters";
        need_address: "请输入以 http:// 或 https:// 开头的完整地址", "Enter a full address that starts with http:// or https://";
        need_json: "不是有效的 JSON：{detail}", "Not valid JSON: {detail}";
        need_choice: "请选择列表中的一项", "Choose one of the list";
        whole_numbers: "整数", "whole numbers";
        bad_header: "请求头名称只能包含字母、数字和连字符", "A header's name may contain letters, digits and hyphens only";
        name_too_long: "最多 200 个字符", "At most 200 characters";
    }
}

texts! {
    /// The tool that submits many tasks at once.
    pub struct TaskBatch {
        title: "下载任务批量提交工具", "Batch submission tool";
        lead: "每行一个任务：粘贴或上传，逐行校验后并发提交。", "One task per line: paste or upload, checked line by line, submitted together.";
        main_field: "每行对应的字段", "Each line is";
        source: "任务内容", "Lines";
        formats: "支持每行一个值、带表头的 CSV / TSV，或每行一个 JSON 对象。", "One value per line, CSV or TSV with a header, or one JSON object per line.";
        placeholder_value: "值 {n}", "value {n}";
        upload: "上传文件", "Upload a file";
        template: "下载模板", "Download a template";
        too_large: "文件过大，最多 5 MB", "The file is larger than 5 MB";
        too_many: "一次最多提交 {n} 个任务，其余行已忽略。", "At most {n} tasks at a time; the other lines were left out.";
        shared: "公共参数", "Shared parameters";
        shared_note: "应用到每个任务；行内的同名字段优先。", "Used for every task; a line's own value wins.";
        preview: "预览", "Preview";
        format_lines: "每行一个值", "One value per line";
        format_table: "表格（含表头）", "Table with a header";
        format_json: "JSON Lines", "JSON Lines";
        summary: "共 {n} 行，可提交 {ok} 行，有误 {bad} 行", "{n} lines: {ok} good, {bad} with errors";
        column_line: "行", "Line";
        column_content: "内容", "Content";
        column_state: "结果", "Result";
        unknown_column: "没有名为 {name} 的参数", "There is no parameter {name}";
        too_many_cells: "列数多于表头", "More cells than the header";
        not_object: "每行必须是一个 JSON 对象", "Each line must be a JSON object";
        start: "提交 {n} 个任务", "Submit {n} tasks";
        cost: "预计冻结 {n} 点", "{n} points will be held";
        stop: "停止", "Stop";
        resume: "继续", "Continue";
        retry_failed: "重试失败的 {n} 行", "Retry {n} failed lines";
        clear: "清空", "Clear";
        ready: "待提交", "Ready";
        sending: "提交中", "Submitting";
        paused: "服务器繁忙，稍后自动继续", "The server is busy; going on shortly";
        done: "任务 {id}", "Task {id}";
        progress: "已完成 {done} / {n}，成功 {ok}，失败 {bad}", "{done} of {n} done: {ok} submitted, {bad} failed";
        spent: "已冻结 {n} 点", "{n} points held";
        all_done: "批量提交完成：成功 {ok} 个，失败 {bad} 个", "Batch done: {ok} submitted, {bad} failed";
        see_list: "查看任务列表", "See the tasks";
        show_more: "仅显示前 {n} 行", "Only the first {n} lines are shown";
        needs_script: "批量提交需要启用 JavaScript。", "Batch submission needs JavaScript.";
    }
}
