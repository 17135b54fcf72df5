//! The HTTP server of the cases: `tests/behaviour/server.py` as a child process.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::case::ROOT;
use super::python::Python;

/// A running server. Ends with this value; by itself when its standard input closes, or after some minutes.
#[derive(Debug)]
pub struct Server {
    child: Child,
    port: u16,
    url: String,
}

impl Server {
    /// Starts it on a free port of the loopback interface.
    pub fn start(python: &Python) -> Result<Self, String> {
        let mut child = Command::new(&python.executable)
            .arg(Path::new(ROOT).join("server.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot start server.py: {error}"))?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            // Nothing, where the server failed: the empty line says so below.
            let _ = BufReader::new(stdout).read_line(&mut line);
        }
        let Some(port) = line
            .strip_prefix("PORT ")
            .and_then(|port| port.trim().parse().ok())
        else {
            let _ = child.kill();
            let _ = child.wait();
            return Err(format!("server.py printed {line:?}, not its port"));
        };
        Ok(Self {
            child,
            port,
            url: format!("http://127.0.0.1:{port}"),
        })
    }

    /// Its address, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Forgets what earlier requests left behind.
    pub fn reset(&self) -> Result<(), String> {
        let answer = || -> std::io::Result<String> {
            let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
            stream.set_read_timeout(Some(Duration::from_secs(10)))?;
            stream.write_all(
                b"GET /__reset__ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            )?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            Ok(answer)
        };
        match answer() {
            Ok(answer) if answer.starts_with("HTTP/1.1 200 ") => Ok(()),
            Ok(answer) => Err(format!("server.py answered a reset with {answer:?}")),
            Err(error) => Err(format!("server.py does not answer: {error}")),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be gone already; either way it is after `wait`.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
