//! `requests.codes`, as numbers and as `httpx.codes`.

/// The names of requests, lower case, with their number and the name in httpx (empty where it has none).
#[rustfmt::skip]
static CODES: &[(&[&str], u16, &str)] = &[
    (&["continue"], 100, "CONTINUE"),
    (&["switching_protocols"], 101, "SWITCHING_PROTOCOLS"),
    (&["processing"], 102, "PROCESSING"),
    (&["checkpoint"], 103, "EARLY_HINTS"),
    (&["ok", "okay", "all_ok", "all_okay", "all_good"], 200, "OK"),
    (&["created"], 201, "CREATED"),
    (&["accepted"], 202, "ACCEPTED"),
    (&["non_authoritative_info", "non_authoritative_information"], 203, "NON_AUTHORITATIVE_INFORMATION"),
    (&["no_content"], 204, "NO_CONTENT"),
    (&["reset_content", "reset"], 205, "RESET_CONTENT"),
    (&["partial_content", "partial"], 206, "PARTIAL_CONTENT"),
    (&["multi_status", "multiple_status", "multi_stati", "multiple_stati"], 207, "MULTI_STATUS"),
    (&["already_reported"], 208, "ALREADY_REPORTED"),
    (&["im_used"], 226, "IM_USED"),
    (&["multiple_choices"], 300, "MULTIPLE_CHOICES"),
    (&["moved_permanently", "moved"], 301, "MOVED_PERMANENTLY"),
    (&["found"], 302, "FOUND"),
    (&["see_other", "other"], 303, "SEE_OTHER"),
    (&["not_modified"], 304, "NOT_MODIFIED"),
    (&["use_proxy"], 305, "USE_PROXY"),
    (&["switch_proxy"], 306, ""),
    (&["temporary_redirect", "temporary_moved", "temporary"], 307, "TEMPORARY_REDIRECT"),
    (&["permanent_redirect", "resume_incomplete", "resume"], 308, "PERMANENT_REDIRECT"),
    (&["bad_request", "bad"], 400, "BAD_REQUEST"),
    (&["unauthorized"], 401, "UNAUTHORIZED"),
    (&["payment_required", "payment"], 402, "PAYMENT_REQUIRED"),
    (&["forbidden"], 403, "FORBIDDEN"),
    (&["not_found"], 404, "NOT_FOUND"),
    (&["method_not_allowed", "not_allowed"], 405, "METHOD_NOT_ALLOWED"),
    (&["not_acceptable"], 406, "NOT_ACCEPTABLE"),
    (&["proxy_authentication_required", "proxy_auth", "proxy_authentication"], 407, "PROXY_AUTHENTICATION_REQUIRED"),
    (&["request_timeout", "timeout"], 408, "REQUEST_TIMEOUT"),
    (&["conflict"], 409, "CONFLICT"),
    (&["gone"], 410, "GONE"),
    (&["length_required"], 411, "LENGTH_REQUIRED"),
    (&["precondition_failed"], 412, "PRECONDITION_FAILED"),
    (&["request_entity_too_large", "content_too_large"], 413, "REQUEST_ENTITY_TOO_LARGE"),
    (&["request_uri_too_large", "uri_too_long"], 414, "REQUEST_URI_TOO_LONG"),
    (&["unsupported_media_type", "unsupported_media", "media_type"], 415, "UNSUPPORTED_MEDIA_TYPE"),
    (&["requested_range_not_satisfiable", "requested_range", "range_not_satisfiable"], 416, "REQUESTED_RANGE_NOT_SATISFIABLE"),
    (&["expectation_failed"], 417, "EXPECTATION_FAILED"),
    (&["im_a_teapot", "teapot", "i_am_a_teapot"], 418, "IM_A_TEAPOT"),
    (&["misdirected_request"], 421, "MISDIRECTED_REQUEST"),
    (&["unprocessable_entity", "unprocessable", "unprocessable_content"], 422, "UNPROCESSABLE_ENTITY"),
    (&["locked"], 423, "LOCKED"),
    (&["failed_dependency", "dependency"], 424, "FAILED_DEPENDENCY"),
    (&["unordered_collection", "unordered", "too_early"], 425, "TOO_EARLY"),
    (&["upgrade_required", "upgrade"], 426, "UPGRADE_REQUIRED"),
    (&["precondition_required", "precondition"], 428, "PRECONDITION_REQUIRED"),
    (&["too_many_requests", "too_many"], 429, "TOO_MANY_REQUESTS"),
    (&["header_fields_too_large", "fields_too_large"], 431, "REQUEST_HEADER_FIELDS_TOO_LARGE"),
    (&["no_response", "none"], 444, ""),
    (&["retry_with", "retry"], 449, ""),
    (&["blocked_by_windows_parental_controls", "parental_controls"], 450, ""),
    (&["unavailable_for_legal_reasons", "legal_reasons"], 451, "UNAVAILABLE_FOR_LEGAL_REASONS"),
    (&["client_closed_request"], 499, ""),
    (&["internal_server_error", "server_error"], 500, "INTERNAL_SERVER_ERROR"),
    (&["not_implemented"], 501, "NOT_IMPLEMENTED"),
    (&["bad_gateway"], 502, "BAD_GATEWAY"),
    (&["service_unavailable", "unavailable"], 503, "SERVICE_UNAVAILABLE"),
    (&["gateway_timeout"], 504, "GATEWAY_TIMEOUT"),
    (&["http_version_not_supported", "http_version"], 505, "HTTP_VERSION_NOT_SUPPORTED"),
    (&["variant_also_negotiates"], 506, "VARIANT_ALSO_NEGOTIATES"),
    (&["insufficient_storage"], 507, "INSUFFICIENT_STORAGE"),
    (&["bandwidth_limit_exceeded", "bandwidth"], 509, ""),
    (&["not_extended"], 510, "NOT_EXTENDED"),
    (&["network_authentication_required", "network_auth", "network_authentication"], 511, "NETWORK_AUTHENTICATION_REQUIRED"),
];

/// The expression for `requests.codes.NAME` without a client: the name in `http.HTTPStatus` where Python 3.9 has it, else the
/// number.
pub fn in_http(name: &str) -> Option<String> {
    let name = name.to_lowercase();
    let (_, number, status) = CODES
        .iter()
        .find(|(names, ..)| names.contains(&name.as_str()))?;
    Some(if status.is_empty() {
        number.to_string()
    } else {
        format!("http.HTTPStatus.{status}")
    })
}

/// The expression for `requests.codes.NAME`: the name in httpx where it has one, else the number.
pub fn replacement(name: &str) -> Option<String> {
    let name = name.to_lowercase();
    let (_, number, httpx) = CODES
        .iter()
        .find(|(names, ..)| names.contains(&name.as_str()))?;
    Some(if httpx.is_empty() {
        number.to_string()
    } else {
        format!("httpx.codes.{httpx}")
    })
}
