//! One sentence per error code.

use model::ErrorCode;

/// Chinese and English.
pub(super) fn text(code: ErrorCode) -> (&'static str, &'static str) {
    match code {
        ErrorCode::BadRequest => ("请求格式不正确，服务器无法读取。", "The request could not be read."),
        ErrorCode::Unauthenticated => ("请先登录。", "Please log in first."),
        ErrorCode::WrongCredentials => ("用户名或密码不正确。", "The user name or the password is wrong."),
        ErrorCode::CredentialExpired => ("登录已过期，请重新登录。", "Your session has expired. Please log in again."),
        ErrorCode::Forbidden => ("您没有执行此操作的权限。", "You are not allowed to do this."),
        ErrorCode::AddressNotAllowed => ("该密钥不允许从此地址使用。", "This key may not be used from this address."),
        ErrorCode::AccountDisabled => ("该账号已被停用，请联系管理员。", "This account is disabled. Please ask the administrator."),
        ErrorCode::CrossSite => ("请求并非来自本站页面，已被拒绝。", "The request did not come from our own pages and was refused."),
        ErrorCode::NotFound => ("找不到该内容，或它不属于您。", "There is no such thing here, or it is not yours."),
        ErrorCode::MethodNotAllowed => ("该地址不支持此方法。", "This address does not offer this method."),
        ErrorCode::Conflict => ("当前状态不允许此操作。", "Its present state does not allow this."),
        ErrorCode::NameTaken => ("该名称已被使用。", "This name is already taken."),
        ErrorCode::IdempotencyInFlight => ("相同的请求正在处理中，请稍候。", "The same request is still being handled. Please wait."),
        ErrorCode::AlreadySetUp => ("初始化已完成，请直接登录。", "The set-up is already done. Please log in."),
        ErrorCode::TooLarge => ("提交的内容过大。", "What was sent is too large."),
        ErrorCode::UnsupportedMediaType => ("不支持该内容类型。", "This type of content is not supported."),
        ErrorCode::Invalid => ("填写的内容不符合要求。", "A value is not acceptable."),
        ErrorCode::MissingParameter => ("缺少必填参数。", "A required parameter is missing."),
        ErrorCode::UnknownParameter => ("存在未定义的参数。", "There is a parameter that this feature does not have."),
        ErrorCode::TooManyRetries => ("重试次数超过后台限制。", "More retries were asked for than the rule allows."),
        ErrorCode::IntervalTooShort => ("重试间隔小于最小值。", "The interval is below the minimum."),
        ErrorCode::FeatureDisabled => ("该功能已停用。", "This feature is switched off."),
        ErrorCode::IdempotencyMismatch => ("幂等键已用于不同的请求。", "The idempotency key was used with another request."),
        ErrorCode::RedemptionCodeUnknown => {
            ("兑换码不存在或已停用，请检查后重新输入。", "There is no such redemption code, or it was switched off.")
        }
        ErrorCode::RedemptionCodeExpired => ("兑换码已过期。", "This redemption code has expired."),
        ErrorCode::RedemptionCodeUsedUp => ("兑换码的使用次数已用完。", "This redemption code is used up."),
        ErrorCode::AlreadyRedeemed => ("您已经兑换过该兑换码。", "You have redeemed this code before."),
        ErrorCode::WeakPassword => ("密码过短、过长或过于常见。", "The password is too short, too long or too common."),
        ErrorCode::InsufficientPoints => ("可用点数不足。", "There are not enough points."),
        ErrorCode::RateLimited => ("操作过于频繁，请稍后再试。", "Too many attempts. Please try again later."),
        ErrorCode::Internal => ("服务器出现错误，请附上请求编号反馈。", "Something went wrong on our side. Please quote the request id."),
        ErrorCode::Unavailable => ("服务暂时不可用，请稍后再试。", "The service is not available right now. Please try again soon."),
        ErrorCode::UpstreamTimeout => ("上游接口未在规定时间内响应。", "The target did not answer in time."),
        ErrorCode::Upstream => ("上游接口无法访问或不被允许。", "The target could not be reached or is not allowed."),
    }
}
