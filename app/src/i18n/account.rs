//! Texts of log-in and first run.

texts! {
    /// Log-in and first run.
    pub struct Account {
        log_in_title: "登录", "Log in";
        log_in_lead: "登录后管理您的异步任务、密钥与点数。", "Manage your tasks, keys and points.";
        username: "用户名", "User name";
        password: "密码", "Password";
        log_in: "登录", "Log in";
        show_password: "显示密码", "Show password";
        hide_password: "隐藏密码", "Hide password";
        no_account: "没有账号？请联系管理员为您创建。", "No account? Ask the administrator to make one for you.";
        logged_out: "您已退出登录。", "You are logged out.";
        set_up_title: "初始化", "First run";
        set_up_lead: "创建第一个管理员账号，之后即可登录控制台。", "Create the first administrator, then you can use the console.";
        set_up_steps_1: "创建管理员", "Create the administrator";
        set_up_steps_2: "登录控制台", "Log in";
        set_up_steps_3: "提交第一个任务", "Submit the first task";
        set_up: "创建管理员并登录", "Create and log in";
        set_up_token: "初始化令牌", "Set-up token";
        set_up_token_help: "服务器启动时打印的链接中已包含此令牌。", "The link that the server printed when it started contains it.";
        set_up_no_token: "请使用服务器启动时打印的初始化链接打开本页。", "Please open this page by the set-up link that the server printed when it started.";
        username_rules: "3–32 个字符：字母、数字、点、下划线或连字符。", "3 to 32 characters: letters, digits, dot, underscore or hyphen.";
        password_rules: "10–200 个字符，不能是常见密码，也不能包含用户名。", "10 to 200 characters, not a common password, not containing the user name.";
        password_length: "至少 10 个字符", "At least 10 characters";
        password_not_name: "不包含用户名", "Does not contain the user name";
        password_varied: "不是重复的字符", "Is not one character repeated";
        already_done: "已完成初始化？", "Already set up?";
    }
}
