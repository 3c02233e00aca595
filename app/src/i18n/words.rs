//! Words that many pages use.

texts! {
    /// Words that many pages use.
    pub struct Common {
        save: "保存", "Save";
        saved: "已保存", "Saved";
        create: "创建", "Create";
        created: "已创建", "Created";
        cancel: "取消", "Cancel";
        delete: "删除", "Delete";
        deleted: "已删除", "Deleted";
        edit: "编辑", "Edit";
        retry: "重试", "Retry";
        refresh: "刷新", "Refresh";
        reload: "重新加载", "Reload";
        search: "搜索", "Search";
        filter: "筛选", "Filter";
        reset: "重置", "Reset";
        copy: "复制", "Copy";
        copied: "已复制", "Copied";
        copy_failed: "复制失败，请手动选择", "Could not copy. Please select it by hand";
        copy_all: "复制全部", "Copy all";
        loading: "加载中...", "Loading…";
        all: "全部", "All";
        none: "无", "None";
        yes: "是", "Yes";
        no: "否", "No";
        actions: "操作", "Actions";
        more: "更多", "More";
        back: "返回", "Back";
        confirm: "确认", "Confirm";
        close: "关闭", "Close";
        open: "打开", "Open";
        view: "查看", "View";
        submit: "提交", "Submit";
        optional: "可选", "optional";
        required: "必填", "required";
        name: "名称", "Name";
        description: "说明", "Description";
        status: "状态", "Status";
        created_at: "创建时间", "Created";
        updated_at: "更新时间", "Updated";
        no_data: "暂无数据", "Nothing here yet";
        no_records: "暂无记录", "No records";
        undo: "撤销", "Undo";
        download: "下载", "Download";
        upload: "上传", "Upload";
        enabled: "已启用", "Enabled";
        disabled: "已停用", "Disabled";
        points: "点数", "points";
        expand_all: "全部展开", "Expand all";
        collapse_all: "全部折叠", "Collapse all";
        show_more: "显示其余 {n} 项", "Show {n} more";
        items: "{n} 项", "{n} items";
        one_item: "1 项", "1 item";
        total: "共 {n} 条", "{n} in total";
        per_page: "每页", "Per page";
        page_of: "第 {x} 页 / 共 {y} 页", "Page {x} of {y}";
        previous_page: "上一页", "Previous page";
        next_page: "下一页", "Next page";
        pagination: "分页", "Pages";
        breadcrumb: "当前位置", "Breadcrumb";
        sort_by: "按{name}排序", "Sort by {name}";
        request_id: "请求编号", "Request id";
        error_code: "错误代码", "Code";
        error_field: "相关字段", "Field";
        error_title: "出错了", "Something went wrong";
        retry_after: "请在 {n} 秒后重试。", "Try again in {n} s.";
        stale_page: "页面与服务器版本不一致，请重新加载。", "This page and the server do not match any more. Please reload.";
        offline: "无法连接服务器，请检查网络。", "The server cannot be reached. Please check the network.";
        first_command: "可以从这条命令开始", "You can start with this command";
        snippet: "示例调用", "Sample call";
        your_key: "您的密钥", "YOUR_KEY";
        just_now: "刚刚", "just now";
        notifications: "通知", "Notifications";
        clear_filters: "清除筛选", "Clear filters";
    }
}
