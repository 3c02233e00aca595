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
        username_rules: "3–64 个字符：中文、字母、数字、点、下划线或连字符，以文字或数字开头。", "3 to 64 letters, digits, dots, underscores or hyphens, beginning with a letter or a digit.";
        password_rules: "8–128 个字符，不能与用户名相同，也不能是常见密码。", "8 to 128 characters, not the user name and not a common password.";
        password_length: "至少 8 个字符", "At least 8 characters";
        password_varied: "至少 3 种不同的字符", "At least 3 different characters";
        password_not_name: "与用户名不同", "Not the user name";
        second_step_title: "两步验证", "Two-step verification";
        second_step_lead: "请输入验证器应用中的 6 位验证码，或一个恢复码。", "Enter the six digits of your authenticator app, or a recovery code.";
        second_step_code: "验证码", "Code";
        second_step_help: "无法使用验证器？请使用恢复码，或联系管理员重置。", "No app at hand? Use a recovery code, or ask the administrator to reset it.";
        second_step_wrong: "验证码不正确或已被使用。", "The code is wrong, or it was used before.";
        second_step: "验证并登录", "Verify and log in";
        start_again: "重新登录", "Begin again";
        already_done: "已完成初始化？", "Already set up?";
        without_account: "没有账号？", "No account?";
        register: "注册", "Register";
    }
}
