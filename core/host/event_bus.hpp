// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "event_queue.hpp"
#include "failure_log.hpp"
#include "withheld.hpp"
#include "worker_numbers.hpp"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace offlineimap::core {

/// Carries what happens to the user interfaces, and questions to the user. It owns the one thread
/// on which interfaces are called, so that a slow one holds up nobody. Thread-safe but for add()
/// and start(), which the owner calls.
class EventBus {
public:
    /// How many events may wait before the lesser ones are dropped.
    explicit EventBus(std::size_t capacity = 4096);
    EventBus(const EventBus&) = delete;
    EventBus& operator=(const EventBus&) = delete;
    ~EventBus();  ///< closes

    /// Before start(). Each interface is shown everything; the first that answers a question is the
    /// one that did.
    void add(std::unique_ptr<Ui> interface);
    /// Starts the interfaces and shows them what was posted so far. Throws what an interface that
    /// cannot start throws; the bus is closed then. `control` outlives the bus.
    void start(Control& control);
    /// Copies the event, with everything harmful to a terminal and every secret taken out, and
    /// returns at once. An event without a time gets the present one, one without a worker that of
    /// the calling thread, whose number is free again after a `worker_end`. After close() failures
    /// alone are kept.
    void post(const Event& event);
    /// This text is a secret: from now on no interface is shown it.
    void withhold(std::string_view secret) { withheld_.add(secret); }
    /// `text` as an interface would be shown it, for what is kept or said elsewhere.
    [[nodiscard]] std::string without_secrets(std::string_view text) const
    {
        return withheld_.clean(text);
    }
    /// An interface wants to be told of every single message. The same as long as the bus lives
    /// once it has been started.
    [[nodiscard]] bool wants_every_message() const noexcept { return every_message_; }
    /// One line of text.
    void log(Level level, std::string_view text);
    /// Blocks until the user has answered. nullopt: nobody there, or declined, or the bus closed.
    [[nodiscard]] std::optional<std::string> ask(const Question& question);
    /// Yes or no; `otherwise` when nobody answers.
    [[nodiscard]] bool confirm(std::string_view question, bool otherwise);
    /// From now on every question is declined, those that wait now as well: the user wants to
    /// leave. An interface that blocks in a system call sees EINTR.
    void decline_questions();
    /// Shows what still waits, says how many events were dropped, closes the interfaces. Whoever
    /// calls it later waits for the same.
    void close();

    [[nodiscard]] FailureSummary failures() const { return failures_.summary(); }

private:
    struct Request {
        std::string text;
        bool hidden = false, yes_no = false;
        bool done = false;
        std::optional<std::string> answer;
    };
    struct Work {
        std::vector<OwnedEvent> events;
        std::shared_ptr<Request> request;
        bool last = false;
    };

    void run(Control& control, std::exception_ptr& failed);
    bool start_interfaces(Control& control, std::exception_ptr& failed);
    Work next_work();
    std::uint32_t worker_of(const Event& event);
    void show(const Event& event);
    void show_dropped();
    std::optional<std::string> answer_of_interfaces(const Question& question);
    void serve(const std::shared_ptr<Request>& request);
    void decline_waiting();

    std::vector<std::unique_ptr<Ui>> interfaces_;
    FailureLog failures_;
    Withheld withheld_;
    bool every_message_ = false;
    std::thread thread_;
    std::mutex close_mutex_;  ///< taken before the other

    std::mutex mutex_;
    std::condition_variable wake_;     ///< for the interface thread
    std::condition_variable changed_;  ///< for those who wait for it
    EventQueue queue_;
    WorkerNumbers workers_;
    std::deque<std::shared_ptr<Request>> requests_;
    std::shared_ptr<Request> asked_;  ///< the interfaces are at it
    std::thread::id interface_thread_;
    bool started_ = false, closing_ = false, declining_ = false, ended_ = false;
};

}  // namespace offlineimap::core
