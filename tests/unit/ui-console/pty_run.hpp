// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <sys/types.h>
#include <termios.h>

namespace offlineimap::console::test {

struct Stage {
    std::string type, scene;
    unsigned short columns = 80, rows = 24;
    std::map<std::string, std::string> environment {{"TERM", "xterm"}};
    std::string typed_ahead {};  ///< has reached the terminal when the driver begins
};

/// The driver on a terminal of its own.
class PtyRun {
public:
    explicit PtyRun(const Stage& stage);
    ~PtyRun();
    PtyRun(const PtyRun&) = delete;
    PtyRun& operator=(const PtyRun&) = delete;

    /// Reads until `text` has been seen anew; false: the driver ended without.
    bool wait_for(const std::string& text);
    void type(const std::string& keys) const;
    void resize(unsigned short columns, unsigned short rows) const;
    [[nodiscard]] termios settings() const;
    /// As they were before the driver began.
    [[nodiscard]] const termios& settings_before() const noexcept { return before_; }
    /// Reads to the end; the exit status.
    int finish();
    /// Everything that was read, with the terminal's CR LF.
    [[nodiscard]] const std::string& output() const noexcept { return output_; }

private:
    bool read_some();

    int terminal_ = -1;
    int other_end_ = -1;  ///< keeps the settings alive when the driver is gone
    termios before_ = {};
    pid_t process_ = -1;
    std::string output_;
    std::size_t seen_ = 0;  ///< in output_
};

/// The driver with both streams in pipes and without a controlling terminal.
struct PipeRun {
    int status = -1;
    std::string output, errors;
};
[[nodiscard]] PipeRun run_in_pipes(const Stage& stage);

}  // namespace offlineimap::console::test
