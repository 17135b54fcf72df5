//! Findings as SARIF 2.1.0, for code scanning services and editors.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::findings::{Finding, Kind, collect};
use crate::plan::{Place, Plan, Problem, Severity};
use crate::rules;

/// The findings as a SARIF 2.1.0 log, indented, with a newline at the end. What can be migrated has the level
/// `warning`, what is left alone `note`; problems are notifications of the run.
///
/// # Errors
///
/// None in practice: every value of the log can be written as JSON.
pub fn sarif(plan: &Plan) -> serde_json::Result<String> {
    let findings = collect(plan);
    let mut rules: BTreeMap<&str, &Finding<'_>> = BTreeMap::new();
    for finding in &findings {
        rules.entry(&finding.rule).or_insert(finding);
    }
    let rules: Vec<Value> = rules
        .into_iter()
        .map(|(id, finding)| {
            let text = match finding.kind {
                Kind::Unit(_) => format!("Code that {} migrates", finding.codemod),
                Kind::Left => format!("Code that {} leaves alone", finding.codemod),
                Kind::HalfDone => "Code that `--assist` left half migrated".to_string(),
                Kind::Chain => {
                    "An async function that reaches a blocking call through sync helpers"
                        .to_string()
                }
                Kind::Advice => rules::named(id).map_or(id, |rule| rule.summary).to_string(),
            };
            json!({ "id": id, "shortDescription": { "text": text } })
        })
        .collect();
    let failed = plan
        .problems
        .iter()
        .any(|problem| problem.severity == Severity::Error);
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": !failed,
                "toolExecutionNotifications":
                    plan.problems.iter().map(notification).collect::<Vec<_>>(),
            }],
            "results": findings.iter().map(result).collect::<Vec<_>>(),
        }],
    });
    let mut text = serde_json::to_string_pretty(&log)?;
    text.push('\n');
    Ok(text)
}

fn result(finding: &Finding<'_>) -> Value {
    let level = match finding.kind {
        Kind::Unit(_) | Kind::HalfDone | Kind::Chain | Kind::Advice => "warning",
        Kind::Left => "note",
    };
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level,
        "message": { "text": finding.sentence() },
        "locations": [location(finding.place)],
    });
    if !finding.notes.is_empty() {
        let related = finding.notes.iter().map(|(place, note)| {
            let mut location = location(place);
            location["message"] = json!({ "text": note });
            location
        });
        result["relatedLocations"] = related.collect();
    }
    result
}

fn location(place: &Place) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&place.file) },
        "region": {
            "startLine": place.line,
            "startColumn": place.column,
            "snippet": { "text": place.snippet },
        },
    } })
}

fn notification(problem: &Problem) -> Value {
    let level = match problem.severity {
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let mut place = json!({ "artifactLocation": { "uri": uri(&problem.file) } });
    if let Some(line) = problem.line {
        place["region"] = json!({ "startLine": line });
    }
    json!({
        "level": level,
        "message": { "text": format!("{}; {}", problem.message, problem.remedy) },
        "locations": [{ "physicalLocation": place }],
    })
}

/// A shown path as a URI reference: relative where the path is.
fn uri(path: &str) -> String {
    let bytes = path.as_bytes();
    let has_drive = matches!(bytes, [drive, b':', b'/', ..] if drive.is_ascii_alphabetic());
    let mut uri = String::with_capacity(path.len());
    if has_drive {
        uri.push_str("file:///");
    } else if path.starts_with('/') {
        uri.push_str("file://");
    }
    for &byte in bytes {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            b':' if has_drive => uri.push(':'),
            // Writing to a String cannot fail.
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::{sarif, uri};
    use crate::report::samples::plan;

    #[test]
    fn one_of_everything() -> serde_json::Result<()> {
        insta::assert_snapshot!(sarif(&plan())?, @r##"
        {
          "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
          "runs": [
            {
              "columnKind": "unicodeCodePoints",
              "invocations": [
                {
                  "executionSuccessful": true,
                  "toolExecutionNotifications": [
                    {
                      "level": "warning",
                      "locations": [
                        {
                          "physicalLocation": {
                            "artifactLocation": {
                              "uri": "app/bad.py"
                            },
                            "region": {
                              "startLine": 3
                            }
                          }
                        }
                      ],
                      "message": {
                        "text": "this is not valid Python: expected `:`; fix the syntax, or exclude the file"
                      }
                    }
                  ]
                }
              ],
              "results": [
                {
                  "level": "note",
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "app/a.py"
                        },
                        "region": {
                          "snippet": {
                            "text": "xs.sort(key=by_size)"
                          },
                          "startColumn": 13,
                          "startLine": 5
                        }
                      }
                    }
                  ],
                  "message": {
                    "text": "left alone: the function is a sort key, which cannot be async: by_size; sort the results after they are awaited"
                  },
                  "ruleId": "requests_to_httpx/sort-key"
                },
                {
                  "level": "warning",
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "app/api.py"
                        },
                        "region": {
                          "snippet": {
                            "text": "r = requests.get(url)"
                          },
                          "startColumn": 5,
                          "startLine": 2
                        }
                      }
                    }
                  ],
                  "message": {
                    "text": "this can be migrated in `Client.fetch`; run `awaitify apply` to migrate it"
                  },
                  "relatedLocations": [
                    {
                      "message": {
                        "text": "a redirect to another host keeps no cookies"
                      },
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "app/api.py"
                        },
                        "region": {
                          "snippet": {
                            "text": "r = requests.get(url)"
                          },
                          "startColumn": 5,
                          "startLine": 2
                        }
                      }
                    }
                  ],
                  "ruleId": "requests_to_httpx"
                },
                {
                  "level": "warning",
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "app/b.py"
                        },
                        "region": {
                          "snippet": {
                            "text": "    s = Session()"
                          },
                          "startColumn": 9,
                          "startLine": 7
                        }
                      }
                    }
                  ],
                  "message": {
                    "text": "this can be migrated in `Client.fetch`, but it may behave differently afterwards; check the notes, then take it with `--unsafe`"
                  },
                  "ruleId": "requests_to_httpx"
                },
                {
                  "level": "warning",
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "app/b.py"
                        },
                        "region": {
                          "snippet": {
                            "text": "    await gather(a, b)"
                          },
                          "startColumn": 11,
                          "startLine": 9
                        }
                      }
                    }
                  ],
                  "message": {
                    "text": "this can be migrated in `Client.fetch`, but its idiom differs in the way that `gather_to_task_group` declares; read `awaitify explain gather_to_task_group`, then take it with `--select gather_to_task_group`"
                  },
                  "ruleId": "gather_to_task_group"
                },
                {
                  "level": "warning",
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "app/c.py"
                        },
                        "region": {
                          "snippet": {
                            "text": "    # awaitify: blocked: sort-key: mend me"
                          },
                          "startColumn": 5,
                          "startLine": 4
                        }
                      }
                    }
                  ],
                  "message": {
                    "text": "half migrated: mend me; mend the code below, then remove the comment"
                  },
                  "ruleId": "blocked/sort-key"
                },
                {
                  "level": "warning",
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "app/d.py"
                        },
                        "region": {
                          "snippet": {
                            "text": "    return fetch()"
                          },
                          "startColumn": 12,
                          "startLine": 31
                        }
                      }
                    }
                  ],
                  "message": {
                    "text": "this call blocks the event loop: list_users (app/d.py:31) -> fetch -> requests.get (app/api.py:14); make the call in a thread"
                  },
                  "ruleId": "blocking-chain"
                },
                {
                  "level": "warning",
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "app/e.py"
                        },
                        "region": {
                          "snippet": {
                            "text": "    create_task(f())"
                          },
                          "startColumn": 5,
                          "startLine": 8
                        }
                      }
                    }
                  ],
                  "message": {
                    "text": "nobody keeps this task; keep it"
                  },
                  "ruleId": "lost-task"
                }
              ],
              "tool": {
                "driver": {
                  "name": "awaitify",
                  "rules": [
                    {
                      "id": "blocked/sort-key",
                      "shortDescription": {
                        "text": "Code that `--assist` left half migrated"
                      }
                    },
                    {
                      "id": "blocking-chain",
                      "shortDescription": {
                        "text": "An async function that reaches a blocking call through sync helpers"
                      }
                    },
                    {
                      "id": "gather_to_task_group",
                      "shortDescription": {
                        "text": "Code that gather_to_task_group migrates"
                      }
                    },
                    {
                      "id": "lost-task",
                      "shortDescription": {
                        "text": "a task that nobody keeps or awaits"
                      }
                    },
                    {
                      "id": "requests_to_httpx",
                      "shortDescription": {
                        "text": "Code that requests_to_httpx migrates"
                      }
                    },
                    {
                      "id": "requests_to_httpx/sort-key",
                      "shortDescription": {
                        "text": "Code that requests_to_httpx leaves alone"
                      }
                    }
                  ],
                  "version": "0.1.0"
                }
              }
            }
          ],
          "version": "2.1.0"
        }
        "##);
        Ok(())
    }

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("app/a b:é.py"), "app/a%20b%3A%C3%A9.py");
        assert_eq!(uri("/srv/a.py"), "file:///srv/a.py");
        assert_eq!(uri("C:/a.py"), "file:///C:/a.py");
    }
}
