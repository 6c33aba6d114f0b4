// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/ui.hpp>

#include <functional>
#include <future>
#include <string>
#include <thread>
#include <vector>

namespace offlineimap::core {

class NoControl final : public Control {
public:
    void sync_now(std::string_view) override { }
    void stop() override { }
};

/// What an interface was told. Read it when the bus is closed.
struct Story {
    std::vector<std::string> lines;
    std::vector<std::thread::id> threads;
    bool closed = false;
};

/// Writes down what it is told, and does what a test wants.
class Recorder final : public Ui {
public:
    explicit Recorder(Story& story) : story_(story) { }

    std::function<void(Control&)> on_start;
    std::function<void(const Event&)> on_show;
    std::function<std::optional<std::string>(const Question&)> on_ask;

    void start(Control& control) override
    {
        if (on_start) on_start(control);
    }
    void show(const Event& event) noexcept override
    {
        if (on_show) on_show(event);
        story_.lines.emplace_back(event.text);
        story_.threads.push_back(std::this_thread::get_id());
    }
    std::optional<std::string> ask(const Question& question) override
    {
        story_.lines.push_back("asked " + std::string(question.text));
        return on_ask ? on_ask(question) : std::nullopt;
    }
    void close() noexcept override { story_.closed = true; }

private:
    Story& story_;
};

}  // namespace offlineimap::core
