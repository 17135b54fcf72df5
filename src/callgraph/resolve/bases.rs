//! Base classes of the standard library, and the names that they know.
//!
//! A method that a project adds to such a class under a name of its own is called by nobody but the project. The names are
//! those of `dir()` and of every `self.NAME` in the sources, of CPython 3.8 to 3.13 taken together; a prefix stands for
//! names that are made at run time (`do_GET`, `visit_Call`). Special methods are told apart elsewhere.

/// Whether a class outside of the project, by its path, may define a method of this name or call it.
pub(super) fn may_know(base: &str, method: &str) -> bool {
    match BASES.iter().find(|(path, ..)| *path == base) {
        Some((_, prefixes, names)) => {
            (method.starts_with("__") && method.ends_with("__"))
                || names.split_whitespace().any(|name| name == method)
                || prefixes.iter().any(|prefix| method.starts_with(prefix))
        }
        None => true,
    }
}

/// Paths, the prefixes of names that are made at run time, and names.
type Base = (&'static str, &'static [&'static str], &'static str);

#[rustfmt::skip]
const BASES: &[Base] = &[
    ("argparse.Action", &[], "\
        _get_args _get_kwargs choices const default deprecated dest format_usage help metavar nargs \
        option_strings required type \
    "),
    ("argparse.ArgumentParser", &[], "\
        _action_groups _actions _add_action _add_container_actions _check_conflict _check_value _defaults \
        _get_args _get_formatter _get_handler _get_kwargs _get_nargs_pattern _get_option_tuples \
        _get_optional_actions _get_optional_kwargs _get_positional_actions _get_positional_kwargs _get_value \
        _get_values _handle_conflict_error _handle_conflict_resolve _has_negative_number_optionals \
        _match_argument _match_arguments_partial _mutually_exclusive_groups _negative_number_matcher \
        _option_string_actions _optionals _parse_known_args _parse_optional _pop_action_class _positionals \
        _print_message _read_args_from_files _registries _registry_get _remove_action _subparsers _warning \
        add_argument add_argument_group add_help add_mutually_exclusive_group add_subparsers allow_abbrev \
        argument_default conflict_handler convert_arg_line_to_args description epilog error exit \
        exit_on_error format_help format_usage formatter_class fromfile_prefix_chars get_default parse_args \
        parse_intermixed_args parse_known_args parse_known_intermixed_args prefix_chars print_help \
        print_usage prog register set_defaults usage \
    "),
    ("ast.NodeTransformer", &["visit_", "generic_"], "\
        generic_visit visit visit_Constant \
    "),
    ("ast.NodeVisitor", &["visit_", "generic_"], "\
        generic_visit visit visit_Constant \
    "),
    ("builtins.dict", &[], "\
        clear copy fromkeys get items keys pop popitem setdefault update values \
    "),
    ("builtins.list", &[], "\
        append clear copy count extend index insert pop remove reverse sort \
    "),
    ("builtins.set", &[], "\
        add clear copy difference difference_update discard intersection intersection_update isdisjoint \
        issubset issuperset pop remove symmetric_difference symmetric_difference_update union update \
    "),
    ("cmd.Cmd", &["do_", "help_", "complete_"], "\
        cmdloop cmdqueue columnize complete complete_ complete_help completedefault completekey \
        completenames completion_matches default do_ do_help doc_header doc_leader emptyline get_names help_ \
        identchars intro lastcmd misc_header nohelp old_completer onecmd parseline postcmd postloop precmd \
        preloop print_topics prompt ruler stdin stdout undoc_header use_rawinput \
    "),
    ("collections.UserDict", &[], "\
        _MutableMapping__marker __marker _abc_impl clear copy data fromkeys get items keys pop popitem \
        setdefault update values \
    "),
    ("collections.UserList", &[], "\
        _UserList__cast __cast _abc_impl append clear copy count data extend index insert pop remove reverse \
        sort \
    "),
    ("collections.abc.Iterable", &[], "\
        _abc_impl \
    "),
    ("collections.abc.Iterator", &[], "\
        _abc_impl \
    "),
    ("collections.abc.Mapping", &[], "\
        _abc_impl get items keys values \
    "),
    ("collections.abc.MutableMapping", &[], "\
        _MutableMapping__marker __marker _abc_impl clear get items keys pop popitem setdefault update values \
    "),
    ("collections.abc.Sequence", &[], "\
        _abc_impl count index \
    "),
    ("contextlib.AbstractContextManager", &[], "\
        _abc_impl \
    "),
    ("contextlib.ContextDecorator", &[], "\
        _recreate_cm \
    "),
    ("html.parser.HTMLParser", &["handle_", "parse_", "unknown_"], "\
        CDATA_CONTENT_ELEMENTS _HTMLParser__starttag_text __starttag_text _decl_otherchars \
        _parse_doctype_attlist _parse_doctype_element _parse_doctype_entity _parse_doctype_notation \
        _parse_doctype_subset _scan_name cdata_elem check_for_whole_start_tag clear_cdata_mode close \
        convert_charrefs error feed get_starttag_text getpos goahead handle_charref handle_comment \
        handle_data handle_decl handle_endtag handle_entityref handle_pi handle_startendtag handle_starttag \
        interesting lasttag lineno offset parse_bogus_comment parse_comment parse_declaration parse_endtag \
        parse_html_declaration parse_marked_section parse_pi parse_starttag rawdata reset set_cdata_mode \
        unescape unknown_decl updatepos \
    "),
    ("http.server.BaseHTTPRequestHandler", &["do_"], "\
        MessageClass _control_char_table _headers_buffer address_string client_address close_connection \
        command connection date_time_string default_request_version disable_nagle_algorithm end_headers \
        error_content_type error_message_format finish flush_headers handle handle_expect_100 \
        handle_one_request headers log_date_time_string log_error log_message log_request monthname \
        parse_request path protocol_version raw_requestline rbufsize request request_version requestline \
        responses rfile send_error send_header send_response send_response_only server server_version setup \
        sys_version timeout version_string wbufsize weekdayname wfile \
    "),
    ("json.JSONEncoder", &[], "\
        allow_nan check_circular default encode ensure_ascii indent item_separator iterencode key_separator \
        skipkeys sort_keys \
    "),
    ("logging.Filter", &[], "\
        filter name nlen \
    "),
    ("logging.Formatter", &[], "\
        _fmt _style converter datefmt default_msec_format default_time_format format formatException \
        formatMessage formatStack formatTime fullstack usesTime \
    "),
    ("logging.Handler", &[], "\
        _at_fork_reinit _closed _name acquire addFilter close createLock emit filter filters flush format \
        formatter get_name handle handleError level lock name release removeFilter setFormatter setLevel \
        set_name \
    "),
    ("logging.StreamHandler", &[], "\
        _at_fork_reinit _closed _name acquire addFilter close createLock emit filter filters flush format \
        formatter get_name handle handleError level lock name release removeFilter setFormatter setLevel \
        setStream set_name stream terminator \
    "),
    ("socketserver.BaseRequestHandler", &[], "\
        client_address finish handle request server setup \
    "),
    ("socketserver.StreamRequestHandler", &[], "\
        client_address connection disable_nagle_algorithm finish handle rbufsize request rfile server setup \
        timeout wbufsize wfile \
    "),
    ("threading.Thread", &[], "\
        _after_fork _args _bootstrap _bootstrap_inner _daemonic _delete _handle _ident _initialized \
        _invoke_excepthook _is_stopped _kwargs _name _native_id _reset_internal_locks _set_ident \
        _set_native_id _set_tstate_lock _started _stderr _stop _target _tstate_lock _wait_for_tstate_lock \
        daemon getName ident isAlive isDaemon is_alive join name native_id run setDaemon setName start \
    "),
    ("threading.local", &[], ""),
    ("types.SimpleNamespace", &[], ""),
];

#[cfg(test)]
mod tests {
    use super::may_know;

    #[test]
    fn bases_know_their_own_names_and_made_ones() {
        assert!(may_know("html.parser.HTMLParser", "feed"));
        assert!(may_know("html.parser.HTMLParser", "handle_data"));
        assert!(may_know(
            "http.server.BaseHTTPRequestHandler",
            "do_PROPFIND"
        ));
        assert!(may_know("threading.Thread", "run"));
        assert!(!may_know("threading.Thread", "fetch_rows"));
        assert!(may_know("lib.Base", "fetch_rows"));
    }
}
