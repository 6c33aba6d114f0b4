// SPDX-License-Identifier: Apache-2.0
#include "event_bus.hpp"

#include "core/text/printable.hpp"
#include "core/text/strings.hpp"

#include <chrono>
#include <exception>
#include <utility>

#include <csignal>
#include <pthread.h>

namespace offlineimap::core {

namespace {

using namespace std::chrono_literals;

/// Ignored unless somebody handles it, so that a late one does no harm.
constexpr int interrupt_signal = SIGURG;

/// Makes a blocking system call of the thread that gets the signal end with EINTR.
void prepare_interruption()
{
    struct sigaction action = {};
    action.sa_handler = [](int) {};
    ::sigaction(interrupt_signal, &action, nullptr);
}

}  // namespace

EventBus::EventBus(std::size_t capacity) : queue_(capacity) { }

EventBus::~EventBus()
{
    close();
}

void EventBus::add(std::unique_ptr<Ui> interface)
{
    every_message_ = every_message_ || interface->facet(every_message_facet) != nullptr;
    interfaces_.push_back(std::move(interface));
}

void EventBus::start(Control& control)
{
    prepare_interruption();
    std::exception_ptr failed;
    std::unique_lock lock(mutex_);
    thread_ = std::thread([this, &control, &failed] { run(control, failed); });
    changed_.wait(lock, [this] { return started_ || ended_; });
    lock.unlock();
    if (!failed) return;
    close();
    std::rethrow_exception(failed);
}

void EventBus::post(const Event& event)
{
    OwnedEvent owned(event, withheld_);
    if (event.kind == EventKind::failure) failures_.add(owned.view());
    const std::lock_guard lock(mutex_);
    if (closing_) return;
    owned.set_worker(worker_of(event));
    if (event.kind == EventKind::worker_end && owned.worker() == 0)
        return;  // it never did anything
    const bool idle = queue_.empty();
    queue_.push(std::move(owned));
    if (idle) wake_.notify_one();
}

std::uint32_t EventBus::worker_of(const Event& event)
{
    if (event.worker != 0) return event.worker;
    if (event.kind == EventKind::worker_end) return workers_.release();
    // What a plugin logs may come from a thread whose end nobody tells us.
    return event.kind == EventKind::log ? 0 : workers_.of_this_thread(event.account);
}

void EventBus::log(Level level, std::string_view text)
{
    Event event;
    event.level = level;
    event.text = text;
    post(event);
}

std::optional<std::string> EventBus::ask(const Question& question)
{
    const auto text = withheld_.clean(question.text);
    const auto request = std::make_shared<Request>();
    request->text = text;
    request->hidden = question.hidden;
    request->yes_no = question.yes_no;
    std::unique_lock lock(mutex_);
    const bool from_an_interface = std::this_thread::get_id() == interface_thread_;
    if (from_an_interface || !started_ || closing_ || declining_) return std::nullopt;
    requests_.push_back(request);
    wake_.notify_one();
    changed_.wait(lock, [&] { return request->done; });
    return std::move(request->answer);
}

bool EventBus::confirm(std::string_view question, bool otherwise)
{
    const auto answer = ask({question, false, true});
    return answer ? *answer == "y" : otherwise;
}

void EventBus::decline_questions()
{
    const std::lock_guard lock(mutex_);
    declining_ = true;
    decline_waiting();
    if (asked_) ::pthread_kill(thread_.native_handle(), interrupt_signal);
}

void EventBus::decline_waiting()
{
    if (asked_) asked_->done = true;
    for (auto& request : std::exchange(requests_, {}))
        request->done = true;
    changed_.notify_all();
}

void EventBus::close()
{
    const std::lock_guard one_closes(close_mutex_);
    std::unique_lock lock(mutex_);
    closing_ = declining_ = true;
    decline_waiting();
    wake_.notify_one();
    if (!thread_.joinable()) return;
    // Again and again: a signal that comes just before the system call blocks is lost.
    while (!changed_.wait_for(lock, 20ms, [this] { return ended_; }))
        if (asked_) ::pthread_kill(thread_.native_handle(), interrupt_signal);
    lock.unlock();
    thread_.join();
}

// The rest runs on the interface thread.

void EventBus::run(Control& control, std::exception_ptr& failed)
{
    {
        const std::lock_guard lock(mutex_);
        interface_thread_ = std::this_thread::get_id();
    }
    const bool usable = start_interfaces(control, failed);
    {
        const std::lock_guard lock(mutex_);
        started_ = usable;
        changed_.notify_all();
    }
    for (bool last = !usable; !last;) {
        const auto work = next_work();
        for (const auto& event : work.events)
            show(event.view());
        if (work.request) serve(work.request);
        last = work.last;
    }
    show_dropped();
    for (const auto& interface : interfaces_)
        interface->close();
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
}

bool EventBus::start_interfaces(Control& control, std::exception_ptr& failed)
{
    try {
        for (const auto& interface : interfaces_)
            interface->start(control);
        return true;
    } catch (...) {
        failed = std::current_exception();
        return false;
    }
}

EventBus::Work EventBus::next_work()
{
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return !queue_.empty() || !requests_.empty() || closing_; });
    Work work {queue_.take(), nullptr, closing_};
    if (!requests_.empty()) {
        asked_ = work.request = std::move(requests_.front());
        requests_.pop_front();
    }
    return work;
}

void EventBus::show(const Event& event)
{
    for (const auto& interface : interfaces_)
        interface->show(event);
}

void EventBus::show_dropped()
{
    if (queue_.dropped() == 0) return;
    const auto text = concat(
        std::to_string(queue_.dropped()),
        " lines were not shown: the user interface was too slow for them");
    Event event;
    event.level = Level::warning;
    event.text = text;
    event.time = std::chrono::system_clock::now();
    show(event);
}

std::optional<std::string> EventBus::answer_of_interfaces(const Question& question)
{
    for (const auto& interface : interfaces_) {
        try {
            if (auto answer = interface->ask(question)) return answer;
        } catch (const std::exception& error) {
            log(Level::warning, concat("ask the user: ", error.what()));
        }
    }
    return std::nullopt;
}

void EventBus::serve(const std::shared_ptr<Request>& request)
{
    {
        const std::lock_guard lock(mutex_);
        if (request->done) return;  // declined while events were shown
    }
    auto answer = answer_of_interfaces({request->text, request->hidden, request->yes_no});
    const std::lock_guard lock(mutex_);
    asked_.reset();
    if (!request->done) request->answer = std::move(answer);
    request->done = true;
    changed_.notify_all();
}

}  // namespace offlineimap::core
